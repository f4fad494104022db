// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>The books over what one block touched. It reads the changes as bytes and trusts no
/// rule.</summary>
internal static class BlockCheck
{
    public static IReadOnlyList<string> Run(
        IStateView parent, ExecutedBlock block, IReadOnlyList<VerifiedTransaction> transactions)
    {
        var findings = new Findings();
        CheckSums(parent, block, findings);
        CheckNonces(parent, block, transactions, findings);
        CheckEvents(parent, block, findings);
        BridgeCheck.CheckBlock(block, findings);
        return findings.Problems;
    }

    private static void CheckSums(IStateView parent, ExecutedBlock block, Findings findings)
    {
        var before = new LedgerView(parent);
        var after = new LedgerView(block.State);
        var sums = new SortedDictionary<AssetId, Movement>();
        var touched = new SortedSet<AssetId>();
        foreach (StateChange change in block.Changes)
        {
            var table = (Table)change.Key.Span[0];
            if (table == Table.Balance)
            {
                (Address account, AssetId asset) = StateKeyReader.Balance(change.Key.Span);
                Amount now = Decode(change);
                findings.Require(
                    change.Value is null || !now.IsZero, $"{account} has a row of zero {asset}.");
                touched.Add(asset);
                Movement moved = sums.GetValueOrDefault(asset).Plus(before.Balance(account, asset), now);
                findings.Require(!moved.Overflowed, $"The movements of {asset} are over 128 bits.");
                sums[asset] = moved;
            }
            else if (table is Table.Supply or Table.Asset)
            {
                touched.Add(StateKeyReader.Asset(change.Key.Span));
            }
        }

        foreach (AssetId asset in touched)
        {
            Amount supply = after.Supply(asset);
            Movement expected = default(Movement).Plus(before.Supply(asset), supply);
            Movement moved = sums.GetValueOrDefault(asset);
            findings.Require(
                moved.Net == expected.Net,
                $"Balances of {asset} changed by {moved}, its supply by {expected}.");
            findings.Require(
                after.Asset(asset) is { } state && supply <= state.Cap,
                $"{supply} units of {asset} are outstanding, over its cap, or it does not exist.");
        }
    }

    private static void CheckNonces(
        IStateView parent,
        ExecutedBlock block,
        IReadOnlyList<VerifiedTransaction> transactions,
        Findings findings)
    {
        var before = new LedgerView(parent);
        var next = new SortedDictionary<(Address Sender, uint Lane), ulong>();
        findings.Require(
            transactions.Count == block.Receipts.Length,
            $"{transactions.Count} transactions have {block.Receipts.Length} receipts.");
        foreach (VerifiedTransaction transaction in transactions)
        {
            Transaction content = transaction.Content;
            var lane = (content.Sender, content.Lane);
            if (!next.TryGetValue(lane, out ulong expected))
            {
                expected = before.NextNonce(content.Sender, content.Lane);
            }

            findings.Require(
                content.Nonce == expected,
                $"Lane {content.Lane} of {content.Sender} came to {content.Nonce} instead of {expected}.");
            next[lane] = expected + 1;
        }

        foreach (StateChange change in block.Changes)
        {
            if ((Table)change.Key.Span[0] == Table.Nonce)
            {
                Address sender = StateKeyReader.Address20(change.Key.Span);
                uint lane = BinaryPrimitives.ReadUInt32BigEndian(change.Key.Span[(1 + Address.Size)..]);
                ulong stored = change.Value is { } value
                    ? StateCodec.Decode(value.Span, StateCodec.ReadNumber)
                    : 0;
                findings.Require(
                    next.Remove((sender, lane), out ulong expected) && expected == stored,
                    $"Lane {lane} of {sender} stands at {stored}; its transactions lead to {expected}.");
            }
        }

        findings.Require(next.Count == 0, $"{next.Count} lanes had transactions and kept their nonce.");
    }

    private static void CheckEvents(IStateView parent, ExecutedBlock block, Findings findings)
    {
        var before = new LedgerView(parent);
        var replay = new EventReplay();
        var seen = new HashSet<(Address Account, AssetId Asset)>();
        var seenAssets = new HashSet<AssetId>();
        foreach (EventRecord record in block.Events)
        {
            foreach ((Address account, AssetId asset) in Touches(record.Event))
            {
                if (seen.Add((account, asset)))
                {
                    replay.Seed(account, asset, before.Balance(account, asset));
                }

                if (seenAssets.Add(asset))
                {
                    replay.Seed(asset, before.Supply(asset));
                }
            }

            if (replay.Apply(record.Event) is { } contradiction)
            {
                findings.Add(contradiction);
            }
        }

        foreach (StateChange change in block.Changes)
        {
            var table = (Table)change.Key.Span[0];
            if (table == Table.Balance)
            {
                (Address account, AssetId asset) = StateKeyReader.Balance(change.Key.Span);
                Amount now = Decode(change);
                bool told = seen.Remove((account, asset)) && replay.Balance(account, asset) == now;
                findings.Require(
                    told,
                    $"{account} has {now} of {asset}; the events say {replay.Balance(account, asset)}.");
            }
            else if (table == Table.Supply)
            {
                AssetId asset = StateKeyReader.Asset(change.Key.Span);
                findings.Require(
                    replay.Supply(asset) == Decode(change),
                    $"{Decode(change)} of {asset} are outstanding; the events say {replay.Supply(asset)}.");
            }
        }

        findings.Require(seen.Count == 0, $"{seen.Count} balances have events and did not change.");
    }

    private static ReadOnlySpan<(Address Account, AssetId Asset)> Touches(LedgerEvent happened) =>
        happened switch
        {
            UnitsIssued e => new[] { (e.To, e.Asset) },
            UnitsBurned e => new[] { (e.From, e.Asset) },
            Transferred e => new[] { (e.From, e.Asset), (e.To, e.Asset) },
            _ => [],
        };

    private static Amount Decode(StateChange change) =>
        change.Value is { } value ? StateCodec.Decode(value.Span, StateCodec.ReadAmount) : Amount.Zero;

    /// <summary>What was added and what was taken away.</summary>
    private readonly record struct Movement(Amount Up, Amount Down, bool Overflowed)
    {
        /// <summary>The difference, with its sign in front of the comparison.</summary>
        public (bool Negative, Amount Size) Net => Up >= Down ? (false, Up - Down) : (true, Down - Up);

        public Movement Plus(Amount before, Amount after)
        {
            Amount up = after >= before ? after - before : Amount.Zero;
            Amount down = after >= before ? Amount.Zero : before - after;
            bool fits = Up.TryAdd(up, out Amount ups) & Down.TryAdd(down, out Amount downs);
            return new Movement(ups, downs, Overflowed || !fits);
        }

        public override string ToString() => $"+{Up} −{Down}";
    }
}
