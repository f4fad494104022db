// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Storage.Guards;

/// <summary>
/// Why a guard does not know how far its key has signed. With any doubt it releases nothing: quarantine. The
/// values are part of the file's format.
/// </summary>
public enum GuardDoubt : byte
{
    /// <summary>It knows, and releases.</summary>
    None = 0,

    /// <summary>There is no file.</summary>
    Missing = 1,

    /// <summary>The file's checksum does not hold.</summary>
    Corrupt = 2,

    /// <summary>The consensus record has an own vote that the guard never released: an old copy.</summary>
    OlderThanRecord = 3,

    /// <summary>The operator said so.</summary>
    Ordered = 4,
}
