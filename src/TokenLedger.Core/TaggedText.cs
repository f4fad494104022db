// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core;

/// <summary>What the text of a tagged address turned out to be.</summary>
public enum TaggedText
{
    /// <summary>It does not begin as one: it may be something else.</summary>
    Other,

    /// <summary>It begins as one, and its length or a character is wrong.</summary>
    Malformed,

    /// <summary>Its checksum is wrong: a character was changed. Never guess which.</summary>
    WrongChecksum,

    /// <summary>It is of a version that is not known here, or has a value that none may have.</summary>
    Unknown,

    /// <summary>It is one.</summary>
    Valid,
}
