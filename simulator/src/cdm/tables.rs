//! Connectors with the inputs of their links and jobs, and what is answered unasked (reference, sections 3 and 7).

/// A connector. An input is a name, with `*` before it when it is mandatory and `:b`, `:i`, `:m` after it when it is a
/// boolean, an integer or a map.
#[derive(Clone, Copy, Debug)]
pub(super) struct Connector {
    /// Name on the wire.
    pub(super) name: &'static str,
    /// Inputs of its links, below `linkConfig.`.
    pub(super) link: &'static str,
    /// Inputs as a source, below `fromJobConfig.`.
    pub(super) source: Option<&'static str>,
    /// Inputs as a destination, below `toJobConfig.`.
    pub(super) destination: Option<&'static str>,
    /// Whether it holds files.
    pub(super) files: bool,
}

/// One input of a connector.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Input {
    /// Last part of the name.
    pub(super) name: &'static str,
    /// Whether it must be given.
    pub(super) mandatory: bool,
    /// Type as answered.
    pub(super) kind: &'static str,
}

/// The inputs of a table.
pub(super) fn inputs(table: &'static str) -> impl Iterator<Item = Input> {
    table.split_whitespace().map(|word| {
        let (mandatory, word) = match word.strip_prefix('*') {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        let (name, kind) = word.split_once(':').unwrap_or((word, ""));
        let kind = match kind {
            "b" => "BOOLEAN",
            "i" => "INTEGER",
            "m" => "MAP",
            _ => "STRING",
        };
        Input {
            name,
            mandatory,
            kind,
        }
    })
}

/// A connector by name.
pub(super) fn connector(name: &str) -> Option<&'static Connector> {
    CONNECTORS.iter().find(|connector| connector.name == name)
}

const FILES_FROM: &str = "bucketName *inputDirectory *inputFormat lineSeparator columnList regexSeparator:b regex \
    fieldSeparator quoteChar:b firstRowAsHeader:b fromCompression jsonReferenceNode encodeType useMarkerFile:b markerFile \
    waitTime:i filterType pathFilter fileFilter startTime endTime fileSeparator md5FileSuffix listTextFile:b \
    fromFileOpType useTimeFilter:b useWildCard:b decryption nonexistentPathDisregard:b splitType jsonType \
    compressedFileSuffix dek iv";
const FILES_TO: &str = "*outputDirectory *outputFormat duplicateFileOpType lineSeparator fieldSeparator encodeType \
    writeToTempFile:b recordMD5Result:b recordMD5Directory markerFile firstRowAsHeader:b encryption dek iv filePrefix";

/// All connectors whose inputs are published.
const CONNECTORS: &[Connector] = &[
    Connector {
        name: "generic-jdbc-connector",
        link: "*databaseType *host *port:i databaseconfig sidname database *username *password fetchSize:i commitSize:i \
            usingNative:b isRds:b useSSL:b jdbcProperties:m version importMode",
        source: Some(
            "useSql:b sql schemaName tableName whereClause columnList partitionColumn usePartition:b partitionList \
            incrMigration:b createOutTable:b keyAtLeastOneZero:b allowNullValueInPartitionColumn:b cdc:b \
            enableWriteLobToString:b writeLobDataAsFile:b encodingForBinary usePattern:b sampleValueColumn checkColumn \
            lastValue",
        ),
        destination: Some(
            "*schemaName *tablePreparation *tableName columnList beforeImportType whereClause orientation isCompress:b \
            useStageTable:b extendCharLength:b useNullable:b shouldClearTable:b shouldClearStageTable:b stageTableName",
        ),
        files: false,
    },
    Connector {
        name: "obs-connector",
        link: "*storageType *server *port:i *accessKey *securityKey properties:m",
        source: Some(OBS_FROM),
        destination: Some(
            "*bucketName *outputDirectory *outputFormat fieldSeparator lineSeparator writeFileSize:i duplicateFileOpType \
            columnList encryption kmsID projectID writeToTempFile:b validateMD5:b recordMD5Result:b recordMD5Link \
            recordMD5Bucket recordMD5Directory encodeType markerFile copyContentType:b quoteChar:b firstRowAsHeader:b \
            filePrefix useCustomDirectory:b shouldClearTable:b dek iv",
        ),
        files: true,
    },
    Connector {
        name: "thirdparty-obs-connector",
        link: "*storageType zone *accessKey *securityKey useCustomDomain:b",
        source: Some(OBS_FROM),
        destination: None,
        files: true,
    },
    Connector {
        name: "hdfs-connector",
        link: "*hadoopType uri host port:i casPort:i user password authType principal keytab runMode properties:m",
        source: Some(
            "*inputDirectory *inputFormat columnList lineSeparator fieldSeparator quoteChar:b regexSeparator:b regex \
            encodeType firstRowAsHeader:b fromCompression compressedFileSuffix splitType useMarkerFile:b markerFile \
            fileSeparator filterType pathFilter fileFilter startTime endTime createSnapshot:b formats:m decryption dek iv \
            fromFileOpType jsonType",
        ),
        destination: Some(
            "*outputDirectory *outputFormat lineSeparator fieldSeparator writeToTempFile:b duplicateFileOpType compression \
            *appendMode:b encryption dek iv filePrefix",
        ),
        files: true,
    },
    Connector {
        name: "ftp-connector",
        link: "*server *port:i *username *password",
        source: Some(FILES_FROM),
        destination: Some(FILES_TO),
        files: true,
    },
    Connector {
        name: "sftp-connector",
        link: "*server *port:i *username *password",
        source: Some(FILES_FROM),
        destination: Some(FILES_TO),
        files: true,
    },
    Connector {
        name: "nas-connector",
        link: "*protocol *server *username *password",
        source: Some(FILES_FROM),
        destination: Some(FILES_TO),
        files: true,
    },
    Connector {
        name: "http-connector",
        link: "",
        source: Some(
            "*inputDirectory *inputFormat fromCompression compressedFileSuffix fileSeparator useQuery:b md5FileSuffix",
        ),
        destination: None,
        files: true,
    },
    Connector {
        name: "hbase-connector",
        link: "*hbaseType hBaseVersion uri host port:i casPort:i user password authType principal keytab serviceType \
            runMode properties:m zookeeperQuorum iamAuth:b cloudtableUser accessKey securityKey",
        source: Some("*table columnFamilies columns isSplit:b delimiter startTime endTime formats:m"),
        destination: Some(
            "*table *storageType columns *rowKeyColumn isOverride:b delimiter isRowkeyRedundancy:b algorithm writeToWAL:b \
            transType:b",
        ),
        files: false,
    },
    Connector {
        name: "hive-connector",
        link: "*host *authType principal keytab *hiveVersion user password uri hiveMsUris *obsSupport:b *runMode \
            accessKey securityKey properties:m",
        source: Some("hive database *table columnList"),
        destination: Some(
            "hive database *table *tablePreparation columnList shouldClearTable:b convertNull csvDelimPolicy clearDataMode",
        ),
        files: false,
    },
    Connector {
        name: "mongodb-connector",
        link: "*serverList *database *userName *password",
        source: Some("*database *collectionName columnList isBatchMigration:b filters"),
        destination: Some("*database *collectionName columnList isBatchMigration:b"),
        files: false,
    },
    Connector {
        name: "redis-connector",
        link: "*deploymentMode *serverlist *password *dbIndex:i",
        source: Some(
            "isBatchMigration:b *keyPrefix *keySeparator *valueStoreType valueSeparator columnList formats:m",
        ),
        destination: Some(
            "isBatchMigration:b shouldClearDatabase:b *keyPrefix *keySeparator *primaryKeyList *valueStoreType \
            valueSeparator columnList formats:m",
        ),
        files: false,
    },
    Connector {
        name: "kafka-connector",
        link: "*hadoopType brokerList host user password authType principal keytab properties:m",
        source: Some(KAFKA),
        destination: None,
        files: false,
    },
    Connector {
        name: "dms-kafka-connector",
        link: "*kafkaType *brokerList *isPlatinumInstance:b user password properties:m",
        source: Some(KAFKA),
        destination: None,
        files: false,
    },
    Connector {
        name: "dis-connector",
        link: "*region *endpoint *ak *sk *projectId",
        source: Some(
            "*streamName *disConsumerStrategy *isPermanency:b maxPollRecords:i *shardId *dataFormat separator appName \
            columnList",
        ),
        destination: Some("*streamName separator identifierEnclose columnList"),
        files: false,
    },
    Connector {
        name: "dli-connector",
        link: "*ak *sk region *projectId",
        source: None,
        destination: Some("*queue *database *table columnList shouldClearTable:b"),
        files: false,
    },
    Connector {
        name: "elasticsearch-connector",
        link: "*host safemode:b user password linkType",
        source: Some("*index *type columnList splitNestedField:b queryString"),
        destination: Some(
            "*index *type shouldClearType:b primaryKey columnList pipeLine createIndexStrategy",
        ),
        files: false,
    },
    Connector {
        name: "opentsdb-connector",
        link: "*openTSDBQuorum *securityMode user ak sk projectId",
        source: Some("*start end *metric *aggregator tags columnList"),
        destination: Some("metric timeStamp tags columnList"),
        files: false,
    },
];

const OBS_FROM: &str = "*bucketName *inputDirectory *inputFormat lineSeparator columnList regexSeparator:b regex \
    fieldSeparator quoteChar:b firstRowAsHeader:b fromCompression jsonReferenceNode encodeType useMarkerFile:b markerFile \
    waitTime:i filterType pathFilter fileFilter startTime endTime fileSeparator md5FileSuffix listTextFile:b \
    fromFileOpType useTimeFilter:b useWildCard:b decryption nonexistentPathDisregard:b splitType compressedFileSuffix \
    dek iv";
const KAFKA: &str = "*topicsList *kafkaConsumerStrategy *isPermanency:b groupId *dataFormat maxPollRecords:i \
    maxPollInterval:i separator columnList";

/// Inputs of the driver, below their config, in the order of console exports.
pub(super) const DRIVER: &[(&str, &str)] = &[
    (
        "throttlingConfig",
        "numExtractors:i numLoaders:i submitToCluster:b numSplits:i splitRetryTime:i recordDirtyData:b writeToLink \
        obsBucket dirtyDataDirectory maxErrorRecords:i concurrentSubJobs:i throttling:b byteRate:i recordRate:i \
        channelCapacityMb:i",
    ),
    ("jarConfig", ""),
    (
        "schedulerConfig",
        "isSchedulerJob:b cycleType cycle:i runAt startDate stopDate disposableType",
    ),
    ("transformConfig", ""),
    ("smnConfig", "isNeedNotification:b"),
    ("retryJobConfig", "retryJobType"),
    ("groupJobConfig", "groupName groupId:i"),
    ("partitionConfig", ""),
];

/// Inputs of the driver that every release answers.
pub(super) const DRIVER_ADDED: &[(&str, &str)] = &[
    ("throttlingConfig.numExtractors", "1"),
    ("throttlingConfig.numLoaders", "1"),
    ("throttlingConfig.recordDirtyData", "false"),
    ("throttlingConfig.maxErrorRecords", "10"),
    ("schedulerConfig.isSchedulerJob", "false"),
    ("schedulerConfig.disposableType", "NONE"),
    ("retryJobConfig.retryJobType", "NONE"),
    ("groupJobConfig.groupName", "DEFAULT"),
];

/// Inputs of the driver that a recent release answers as well.
pub(super) const DRIVER_ADDED_RECENTLY: &[(&str, &str)] = &[
    ("throttlingConfig.submitToCluster", "false"),
    ("throttlingConfig.numSplits", "1"),
    ("throttlingConfig.splitRetryTime", "0"),
    ("throttlingConfig.concurrentSubJobs", "10"),
    ("throttlingConfig.throttling", "false"),
    ("throttlingConfig.byteRate", "10"),
    ("throttlingConfig.channelCapacityMb", "64"),
    ("throttlingConfig.recordRate", "100000"),
    ("smnConfig.isNeedNotification", "false"),
    ("groupJobConfig.groupId", "1"),
];

const OBS_FROM_ADDED: &[(&str, &str)] = &[
    ("fromJobConfig.listTextFile", "false"),
    ("fromJobConfig.fromCompression", "NONE"),
    ("fromJobConfig.fromFileOpType", "DO_NOTHING"),
    ("fromJobConfig.useMarkerFile", "false"),
    ("fromJobConfig.useTimeFilter", "false"),
    ("fromJobConfig.fileSeparator", "|"),
    ("fromJobConfig.filterType", "NONE"),
    ("fromJobConfig.useWildCard", "false"),
    ("fromJobConfig.decryption", "NONE"),
    ("fromJobConfig.nonexistentPathDisregard", "false"),
];

const OBS_TO_ADDED: &[(&str, &str)] = &[
    ("toJobConfig.fieldSeparator", ","),
    ("toJobConfig.validateMD5", "false"),
    ("toJobConfig.recordMD5Result", "false"),
    ("toJobConfig.duplicateFileOpType", "REPLACE"),
    ("toJobConfig.useCustomDirectory", "false"),
    ("toJobConfig.encryption", "NONE"),
    ("toJobConfig.copyContentType", "false"),
    ("toJobConfig.shouldClearTable", "false"),
];

const JDBC_FROM_ADDED: &[(&str, &str)] = &[
    ("fromJobConfig.incrMigration", "false"),
    ("fromJobConfig.createOutTable", "false"),
    ("fromJobConfig.keyAtLeastOneZero", "false"),
    ("fromJobConfig.allowNullValueInPartitionColumn", "false"),
    ("fromJobConfig.cdc", "false"),
    ("fromJobConfig.enableWriteLobToString", "false"),
    ("fromJobConfig.writeLobDataAsFile", "false"),
    ("fromJobConfig.encodingForBinary", "ISO_8859_1"),
    ("fromJobConfig.usePattern", "false"),
];

/// What is answered unasked of a source.
pub(super) fn added_to_source(connector: &str) -> &'static [(&'static str, &'static str)] {
    match connector {
        "obs-connector" => OBS_FROM_ADDED,
        "generic-jdbc-connector" => JDBC_FROM_ADDED,
        _ => &[],
    }
}

/// What is answered unasked of a destination.
pub(super) fn added_to_destination(connector: &str) -> &'static [(&'static str, &'static str)] {
    match connector {
        "obs-connector" => OBS_TO_ADDED,
        _ => &[],
    }
}

/// What is answered unasked of a link (only that of CSS was seen to grow).
pub(super) fn added_to_link(connector: &str) -> &'static [(&'static str, &'static str)] {
    match connector {
        "elasticsearch-connector" => &[("linkConfig.safemode", "false")],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_read_with_its_marks() {
        let all: Vec<Input> = inputs("*port:i properties:m host").collect();
        let input = |name, mandatory, kind| Input {
            name,
            mandatory,
            kind,
        };
        assert_eq!(
            all,
            [
                input("port", true, "INTEGER"),
                input("properties", false, "MAP"),
                input("host", false, "STRING")
            ]
        );
    }

    #[test]
    fn what_is_added_belongs_to_its_connector() {
        for connector in CONNECTORS {
            let has = |table: Option<&'static str>, name: &str| {
                let last = name.rsplit('.').next().unwrap_or_default();
                table.is_some_and(|table| inputs(table).any(|input| input.name == last))
            };
            for (name, _) in added_to_source(connector.name) {
                assert!(has(connector.source, name), "{name}");
            }
            for (name, _) in added_to_destination(connector.name) {
                assert!(has(connector.destination, name), "{name}");
            }
        }
    }
}
