// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json.Nodes;
using TokenLedger.Core;
using TokenLedger.Core.Genesis;

namespace TokenLedger.Maintenance.Verification;

/// <summary>Where a ledger is not what it must be.</summary>
/// <param name="Height">The first such height.</param>
/// <param name="What">What differs there, in words.</param>
public sealed record Difference(Height Height, string What);

/// <summary>What a verification came to.</summary>
/// <param name="Head">The newest height that the ledger has.</param>
/// <param name="HeadHash">Its block's hash; zero when that cannot be read.</param>
/// <param name="StateRoot">The root that execution gave at the last height that holds.</param>
/// <param name="Counts">What was looked at.</param>
/// <param name="Difference">Null when all of it holds.</param>
/// <param name="Began">When.</param>
/// <param name="Took">How long.</param>
public sealed record VerificationResult(
    Height Head,
    Hash256 HeadHash,
    Hash256 StateRoot,
    VerificationCounts Counts,
    Difference? Difference,
    DateTimeOffset Began,
    TimeSpan Took)
{
    /// <summary>The report: what an operator signs.</summary>
    public JsonObject ToJson(GenesisDocument genesis) => new()
    {
        ["kind"] = "tokenledger-verification",
        ["format"] = 1,
        ["network"] = genesis.NetworkName,
        ["chainId"] = genesis.ChainId,
        ["genesisHash"] = genesis.Hash.ToString(),
        ["holds"] = Difference is null,
        ["firstDifference"] = Difference is null ? null : new JsonObject
        {
            ["height"] = Difference.Height.Value,
            ["what"] = Difference.What,
        },
        ["height"] = Head.Value,
        ["blockHash"] = HeadHash.ToString(),
        ["stateRoot"] = StateRoot.ToString(),
        ["blocks"] = Counts.Blocks,
        ["transactions"] = Counts.Transactions,
        ["events"] = Counts.Events,
        ["certificates"] = Counts.Certificates,
        ["signatures"] = Counts.Signatures,
        ["stateEntries"] = Counts.StateEntries,
        ["began"] = Began.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["seconds"] = (long)Math.Ceiling(Took.TotalSeconds),
    };
}

/// <summary>How much a verification has looked at.</summary>
public sealed class VerificationCounts
{
    /// <summary>Blocks executed again.</summary>
    public long Blocks { get; internal set; }

    /// <summary>Transactions in them.</summary>
    public long Transactions { get; internal set; }

    /// <summary>Events compared and replayed.</summary>
    public long Events { get; internal set; }

    /// <summary>Certificates checked.</summary>
    public long Certificates { get; internal set; }

    /// <summary>Signatures recovered: of transactions and in certificates.</summary>
    public long Signatures { get; internal set; }

    /// <summary>Entries of the final state compared.</summary>
    public long StateEntries { get; internal set; }
}
