// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Protocol;

/// <summary>Names of the metadata with which a node says how fresh its answers are.</summary>
public static class FreshnessMetadata
{
    /// <summary>The newest final block's time, in ms since 1970-01-01 UTC.</summary>
    public const string BlockTime = "tokenledger-block-time-ms";

    /// <summary>"true" while blocks become final in time; "false" when reads are stale.</summary>
    public const string Finalizing = "tokenledger-finalizing";
}
