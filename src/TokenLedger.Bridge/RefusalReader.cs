// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Evm;

namespace TokenLedger.Bridge;

/// <summary>
/// Reads why the bridge abroad refuses to mint, for people. Nothing depends on it: what cannot be read now is
/// read at the next look, and after a start it looks back a little only.
/// </summary>
internal sealed class RefusalReader(IRemoteChain remote)
{
    /// <summary>How far it looks back at first: a day and more of Ethereum.</summary>
    private const ulong BlocksBack = 10_000;

    private ulong? _readTo;

    /// <summary>The last refusal of each lock without an end.</summary>
    public ImmutableSortedDictionary<ulong, MintRefusal> Last { get; private set; } =
        ImmutableSortedDictionary<ulong, MintRefusal>.Empty;

    /// <summary>Reads up to a final block, while locks are open.</summary>
    public async Task ReadAsync(LaneView ledger, ulong end, CancellationToken cancellationToken)
    {
        Last = Last.RemoveRange(Last.Keys.Where(nonce => !ledger.Outstanding.ContainsKey(nonce)));
        ulong from = _readTo + 1
            ?? Math.Max(ledger.Lane.Terms.StartBlock, end - Math.Min(end, BlocksBack));
        if (ledger.Outstanding.IsEmpty || from > end)
        {
            _readTo = end;
            return;
        }

        try
        {
            foreach (MintRefusal refusal in await remote.RefusalsAsync(from, end, cancellationToken)
                .ConfigureAwait(false))
            {
                // Of one that was minted before, the contract says so when its message is carried again.
                if (refusal.Reason != RefusalCodes.Consumed && ledger.Outstanding.ContainsKey(refusal.Nonce))
                {
                    Last = Last.SetItem(refusal.Nonce, refusal);
                }
            }

            _readTo = end;
        }
        catch (RemoteFaultException)
        {
            // What is said about the endpoints is said where something depends on them.
        }
    }
}
