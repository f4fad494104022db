// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Storage;

namespace TokenLedger.Node.Services;

/// <summary>What a node that began with a snapshot says of heights that it never executed.</summary>
internal static class Pruned
{
    /// <summary>Metadata key: the lowest height that can be asked for.</summary>
    public const string OldestKey = "oldest_height";

    /// <summary>True for a height whose block, receipts and events were never here.</summary>
    public static bool Has(LedgerStore ledger, Height height) =>
        ledger.SnapshotHeight.Value > 0 && height <= ledger.SnapshotHeight;

    /// <summary>The failure that names the lowest height there is.</summary>
    /// <param name="ledger">The ledger that was asked.</param>
    /// <param name="code">What kind of failure it is to the caller.</param>
    /// <param name="reason">Its stable reason.</param>
    /// <param name="more">What else programs can use.</param>
    public static RpcException Failure(
        LedgerStore ledger, StatusCode code, string reason, (string Key, string Value)? more = null)
    {
        string oldest = ledger.SnapshotHeight.Next.Value.ToString(CultureInfo.InvariantCulture);
        var metadata = new Dictionary<string, string> { [OldestKey] = oldest };
        if (more is { } pair)
        {
            metadata.Add(pair.Key, pair.Value);
        }

        return ErrorModel.Failure(
            code, reason,
            $"This node began with a snapshot of the state: it has blocks and events from height {oldest} on."
                + " Ask another node for older ones.",
            metadata);
    }
}
