// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Storage;

/// <summary>
/// Families, keys and composite values of the ledger database. FORMAT.md beside this file shows the bytes.
/// </summary>
public static class LedgerFormat
{
    /// <summary>
    /// Version of all that FORMAT.md says about this database. A change of any byte is a new version.
    /// </summary>
    public const uint SchemaVersion = 2;

    /// <summary>The version without the family of balances: it is turned into this one at open.</summary>
    internal const uint WithoutBalances = 1;

    /// <summary>
    /// Events of one height: a full block's, or genesis registering and endowing all its accounts.
    /// </summary>
    internal const int MaxEvents = Limits.EventsPerBlock + (4 * Limits.GenesisAccounts);

    internal static readonly Family State = new(0, "state");
    internal static readonly Family Blocks = new(1, "blocks");
    internal static readonly Family Receipts = new(2, "receipts");
    internal static readonly Family Events = new(3, "events");
    internal static readonly Family Certificates = new(4, "certificates");
    internal static readonly Family Headers = new(5, "headers");
    internal static readonly Family Heights = new(6, "heights");
    internal static readonly Family Transactions = new(7, "transactions");
    internal static readonly Family History = new(8, "history");
    internal static readonly Family Balances = new(9, "balances");
    internal static readonly Family Meta = new(10, "meta");

    internal static readonly byte[] SchemaKey = [1];
    internal static readonly byte[] GenesisKey = [2];
    internal static readonly byte[] HeadKey = [3];
    internal static readonly byte[] RangeKey = [4];
    internal static readonly byte[] StagingKey = [5];

    /// <summary>Behind every key of every family.</summary>
    internal static readonly byte[] BehindAll = [.. Enumerable.Repeat((byte)0xFF, Limits.StateKeyBytes + 1)];

    /// <summary>The families that the ledger's database is opened with, in this order.</summary>
    public static ImmutableArray<Family> Families { get; } =
    [
        State, Blocks, Receipts, Events, Certificates, Headers, Heights, Transactions, History, Balances,
        Meta,
    ];

    internal const int HistoryKeySize = Address.Size + 8 + 4;
    internal const int BalanceKeySize = Address.Size + AssetId.Size + 8;

    internal static byte[] HeightKey(Height height)
    {
        byte[] key = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(key, height.Value);
        return key;
    }

    internal static Height ReadHeight(ref CanonicalReader reader) => new(reader.U64());

    /// <summary>Height and event are inverted, so that ascending order is newest first.</summary>
    internal static byte[] HistoryKey(in Address account, Height height, uint eventIndex)
    {
        byte[] key = new byte[HistoryKeySize];
        account.CopyTo(key);
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(Address.Size), ~height.Value);
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(Address.Size + 8), ~eventIndex);
        return key;
    }

    /// <summary>The rows of a block's events: one for each account of each.</summary>
    internal static List<KeyValue> HistoryOf(Height height, ImmutableArray<EventRecord> events)
    {
        var rows = new List<KeyValue>(2 * events.Length);
        for (int i = 0; i < events.Length; i++)
        {
            if (AccountsOf(events[i].Event) is not var (first, second))
            {
                continue;
            }

            byte[] cause = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(cause, events[i].TransactionIndex);
            rows.Add(new KeyValue(HistoryKey(first, height, (uint)i), cause));
            if (second is { } other && other != first)
            {
                rows.Add(new KeyValue(HistoryKey(other, height, (uint)i), cause));
            }
        }

        return rows;
    }

    /// <summary>Reads a row's key and the value behind it.</summary>
    internal static HistoryRow ReadHistory(ref CanonicalReader reader)
    {
        reader.Address();
        return new HistoryRow(new Height(~reader.U64()), ~reader.U32(), reader.U32());
    }

    /// <summary>Where the changes of all an account's balances begin.</summary>
    internal static byte[] BalancePrefix(in Address account, in AssetId asset)
    {
        byte[] prefix = new byte[Address.Size + AssetId.Size];
        account.CopyTo(prefix);
        asset.CopyTo(prefix.AsSpan(Address.Size));
        return prefix;
    }

    /// <summary>The height is inverted, so that ascending order is newest first.</summary>
    internal static byte[] BalanceKey(in Address account, in AssetId asset, Height height)
    {
        byte[] key = new byte[BalanceKeySize];
        account.CopyTo(key);
        asset.CopyTo(key.AsSpan(Address.Size));
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(Address.Size + AssetId.Size), ~height.Value);
        return key;
    }

    /// <summary>The rows of a block's events: one for each balance that they change.</summary>
    internal static List<KeyValue> BalancesOf(Height height, ImmutableArray<EventRecord> events)
    {
        var changes = new Dictionary<(Address, AssetId), BalanceStep>();
        for (int i = 0; i < events.Length; i++)
        {
            foreach ((Address account, AssetId asset, Amount before, Amount after)
                in StepsOf(events[i].Event))
            {
                Amount first = changes.TryGetValue((account, asset), out BalanceStep known)
                    ? known.Before
                    : before;
                changes[(account, asset)] = new BalanceStep(height, (uint)i, first, after);
            }
        }

        var rows = new List<KeyValue>(changes.Count);
        foreach (((Address account, AssetId asset), BalanceStep change) in changes)
        {
            var writer = new CanonicalWriter(4 + 16 + 16);
            writer.U32(change.EventIndex);
            writer.Amount(change.Before);
            writer.Amount(change.After);
            rows.Add(new KeyValue(BalanceKey(account, asset, height), writer.ToArray()));
        }

        return rows;
    }

    /// <summary>Reads a row's key and the value behind it.</summary>
    internal static BalanceRow ReadBalance(ref CanonicalReader reader)
    {
        reader.Address();
        AssetId asset = reader.Asset();
        var height = new Height(~reader.U64());
        return new BalanceRow(
            asset, new BalanceStep(height, reader.U32(), reader.Amount(), reader.Amount()));
    }

    private static (Address Account, AssetId Asset, Amount Before, Amount After)[] StepsOf(
        LedgerEvent happened) => happened switch
        {
            UnitsIssued e => [(e.To, e.Asset, e.BalanceAfter - e.Amount, e.BalanceAfter)],
            UnitsBurned e => [(e.From, e.Asset, e.BalanceAfter + e.Amount, e.BalanceAfter)],
            Transferred e =>
            [
                (e.From, e.Asset, e.FromAfter + e.Amount, e.FromAfter),
                (e.To, e.Asset, e.ToAfter - e.Amount, e.ToAfter),
            ],
            _ => [],
        };

    internal static byte[] Location(TransactionLocation location)
    {
        byte[] value = new byte[12];
        BinaryPrimitives.WriteUInt64BigEndian(value, location.Height.Value);
        BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(8), location.Index);
        return value;
    }

    internal static TransactionLocation ReadLocation(ref CanonicalReader reader) =>
        new(new Height(reader.U64()), reader.U32());

    internal static (Height Height, View View, Hash256 Hash) ReadHead(ref CanonicalReader reader) =>
        (new Height(reader.U64()), new View(reader.U64()), reader.Hash());

    internal static byte[] Head(ChainHead head)
    {
        var writer = new CanonicalWriter(8 + 8 + Hash256.Size);
        writer.U64(head.Height.Value);
        writer.U64(head.View.Value);
        writer.Hash(head.Hash);
        return writer.ToArray();
    }

    /// <summary>
    /// The accounts whose history an event belongs to: those whose balance or standing it changes. At most
    /// two.
    /// </summary>
    internal static (Address First, Address? Second)? AccountsOf(LedgerEvent happened) => happened switch
    {
        UnitsIssued e => (e.To, null),
        UnitsBurned e => (e.From, null),
        Transferred e => (e.From, e.To),
        AccountRegistered e => (e.Account, null),
        AccountFrozen e => (e.Account, null),
        AccountUnfrozen e => (e.Account, null),
        TagRequirementSet e => (e.Account, null),
        BridgeLocked e => (e.From, null),
        BridgeReleased e => (e.To, null),
        _ => null,
    };
}
