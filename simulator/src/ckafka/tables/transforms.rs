//! Processing rules of a task (Datahub API notes, resource structures).

use super::ends::FAILURE;
use crate::ckafka::structure::{Out, Shape, Table, may, must};

/// Older processing rules.
pub(in crate::ckafka) const TRANSFORM: &Table = &[
    must(
        "AnalysisFormat",
        Shape::Word(&["JSON", "DELIMITER", "REGULAR"]),
        Out::Always,
    ),
    must("OutputFormat", Shape::Text, Out::Always),
    must("FailureParam", Shape::Struct(FAILURE), Out::Always),
    must("Content", Shape::Blank, Out::Always),
    must("SourceType", Shape::Word(&["TOPIC", "CUSTOMIZE"]), Out::Always),
    may("Regex", Shape::Text, Out::Always),
    may("MapParam", Shape::List(MAP), Out::Always),
    may("FilterParam", Shape::List(FILTER_MAP), Out::Always),
    may("Result", Shape::Text, Out::Always),
    may("AnalyseResult", Shape::List(MAP), Out::Always),
    may("UseEventBus", Shape::Boolean, Out::Always),
];

const MAP: &Table = &[
    must("Key", Shape::Text, Out::Always),
    may(
        "Type",
        Shape::Word(&["DEFAULT", "DATE", "CUSTOMIZE", "MAPPING"]),
        Out::Always,
    ),
    may("Value", Shape::Text, Out::Always),
];

const FILTER_MAP: &Table = &[
    must("Key", Shape::Text, Out::Always),
    must(
        "MatchMode",
        Shape::Word(&["PREFIX", "SUFFIX", "CONTAINS", "EXCEPT", "NUMBER", "IP"]),
        Out::Always,
    ),
    must("Value", Shape::Blank, Out::Always),
    may("Type", Shape::Word(&["REGULAR"]), Out::Always),
];

/// Newer processing rules.
pub(in crate::ckafka) const TRANSFORMS: &Table = &[
    must("Content", Shape::Blank, Out::Always),
    must("FieldChain", Shape::List(FIELD), Out::Always),
    may("FilterParam", Shape::List(FILTER_MAP), Out::Always),
    may("FailureParam", Shape::Struct(FAILURE), Out::Always),
    may("Result", Shape::Text, Out::Always),
    may("SourceType", Shape::Text, Out::Always),
    may("OutputFormat", Shape::Word(&["JSON", "ROW"]), Out::Word("JSON")),
    may("RowParam", Shape::Struct(ROW), Out::Always),
    may("KeepMetadata", Shape::Boolean, Out::Always),
    may("BatchAnalyse", Shape::Struct(BATCH_ANALYSE), Out::Always),
];

const FIELD: &Table = &[
    must("Analyse", Shape::Struct(ANALYSE), Out::Always),
    may("SecondaryAnalyse", Shape::Struct(SECONDARY_ANALYSE), Out::Always),
    may("SMT", Shape::List(SMT), Out::Always),
    may("Result", Shape::Text, Out::Always),
    may("AnalyseResult", Shape::List(SMT), Out::Always),
    may("SecondaryAnalyseResult", Shape::List(SMT), Out::Always),
    may("AnalyseJsonResult", Shape::Text, Out::Always),
    may("SecondaryAnalyseJsonResult", Shape::Text, Out::Always),
];

const ANALYSE: &Table = &[
    must(
        "Format",
        Shape::Word(&["JSON", "DELIMITER", "REGULAR", "SOURCE"]),
        Out::Always,
    ),
    may("Regex", Shape::Text, Out::Always),
    may("InputValueType", Shape::Text, Out::Always),
    may("InputValue", Shape::Text, Out::Always),
];

const SECONDARY_ANALYSE: &Table = &[must("Regex", Shape::Blank, Out::Absent)];

const SMT: &Table = &[
    must("Key", Shape::Text, Out::Always),
    must(
        "Operate",
        Shape::Word(&["DATE", "CUSTOMIZE", "MAPPING", "JSONPATH"]),
        Out::Always,
    ),
    must(
        "SchemeType",
        Shape::Word(&[
            "ORIGINAL", "STRING", "INT64", "FLOAT64", "BOOLEAN", "MAP", "ARRAY",
        ]),
        Out::Always,
    ),
    may("Value", Shape::Text, Out::Always),
    may("ValueOperate", Shape::Struct(VALUE), Out::Absent),
    may("OriginalValue", Shape::Text, Out::Always),
    may("ValueOperates", Shape::List(VALUE), Out::Absent),
];

const VALUE: &Table = &[
    must(
        "Type",
        Shape::Word(&[
            "REPLACE",
            "SUBSTR",
            "DATE",
            "TRIM",
            "REGEX_REPLACE",
            "SPLIT",
            "KV",
            "JSON_PATH_REPLACE",
            "URL_DECODE",
            "LOWERCASE",
        ]),
        Out::Always,
    ),
    may("Replace", Shape::Struct(REPLACE), Out::Null),
    may("Substr", Shape::Struct(SUBSTR), Out::Null),
    may("Date", Shape::Struct(DATE), Out::Null),
    may("RegexReplace", Shape::Struct(REGEX_REPLACE), Out::Null),
    may("Split", Shape::Struct(SPLIT), Out::Null),
    may("KV", Shape::Struct(KV), Out::Null),
    may("Result", Shape::Text, Out::Null),
    may("JsonPathReplace", Shape::Struct(JSON_PATH_REPLACE), Out::Null),
    may("UrlDecode", Shape::Struct(URL_DECODE), Out::Null),
    may("Lowercase", Shape::Struct(LOWERCASE), Out::Null),
];

const REPLACE: &Table = &[
    must("OldValue", Shape::Blank, Out::Always),
    must("NewValue", Shape::Blank, Out::Always),
];

const SUBSTR: &Table = &[
    must("Start", Shape::Integer, Out::Absent),
    must("End", Shape::Integer, Out::Absent),
];

const DATE: &Table = &[
    may("Format", Shape::Text, Out::Always),
    may(
        "TargetType",
        Shape::Word(&["string", "unix"]),
        Out::Word("string"),
    ),
    may("TimeZone", Shape::Text, Out::Word("GMT+8")),
];

const REGEX_REPLACE: &Table = &[
    must("Regex", Shape::Text, Out::Always),
    must("NewValue", Shape::Blank, Out::Always),
];

const SPLIT: &Table = &[must("Regex", Shape::Blank, Out::Always)];

const KV: &Table = &[
    must("Delimiter", Shape::Text, Out::Always),
    must("Regex", Shape::Blank, Out::Always),
    may(
        "KeepOriginalKey",
        Shape::Word(&["true", "false"]),
        Out::Word("false"),
    ),
];

const JSON_PATH_REPLACE: &Table = &[
    must("OldValue", Shape::Text, Out::Absent),
    must("NewValue", Shape::Blank, Out::Absent),
];

const URL_DECODE: &Table = &[may("CharsetName", Shape::Text, Out::Always)];

const ROW: &Table = &[
    must("RowContent", Shape::Word(&["KEY_VALUE", "VALUE"]), Out::Always),
    may("KeyValueDelimiter", Shape::Text, Out::Always),
    may("EntryDelimiter", Shape::Text, Out::Always),
];

const BATCH_ANALYSE: &Table = &[must("Format", Shape::Word(&["ONE_BY_ONE", "MERGE"]), Out::Always)];

/// No members.
const LOWERCASE: &Table = &[];
