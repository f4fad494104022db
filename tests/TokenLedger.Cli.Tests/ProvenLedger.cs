// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;
using TokenLedger.Crypto;
using TokenLedger.Execution;
using TokenLedger.Protocol.Ledger.V1;
using Domain = TokenLedger.Core.Ledger;

namespace TokenLedger.Cli.Tests;

/// <summary>
/// A chain of one block whose state is some bonds and one balance, finalized by three of four validators with
/// real signatures.
/// </summary>
internal static class ProvenLedger
{
    private const int Validators = 4;
    private const int Quorum = 3;

    /// <summary>Of that chain, whatever its state.</summary>
    public static Hash256 GenesisHash { get; } = Genesis(Keys()).Hash;

    /// <summary>What a node would answer; an amount of zero is a balance that is not there.</summary>
    public static BalanceProof Prove(
        Address account, string symbol, Amount units, IEnumerable<(string Symbol, uint Decimals)> bonds)
    {
        PrivateKey[] keys = Keys();
        GenesisDocument genesis = Genesis(keys);
        AssetId asset = AssetId.Parse(symbol);
        byte[] key = StateKeys.Balance(account, asset);
        Dictionary<AssetId, byte[]> states = bonds.ToDictionary(
            b => AssetId.Parse(b.Symbol),
            b => StateCodec.Encode(Bond(AssetId.Parse(b.Symbol), b.Decimals), StateCodec.WriteAsset));
        List<StateChange> changes = [.. states.Select(s => new StateChange(StateKeys.Asset(s.Key), s.Value))];
        if (!units.IsZero)
        {
            changes.Add(new StateChange(key, StateCodec.Encode(units, StateCodec.WriteAmount)));
        }

        StateTree tree = StateTree.Empty.Update([.. changes]);
        (BlockHeader header, Certificate certificate) = Final(
            keys, genesis, 1, FakeLedger.StartMs + 1, tree.Root, Hash256.Zero);
        return new BalanceProof
        {
            Genesis = Bytes(genesis.Write),
            Header = Bytes(header.Write),
            Certificate = Bytes(certificate.Write),
            Account = FakeLedger.Bytes(account),
            Asset = symbol,
            Amount = units.ToString(),
            StateProof = Bytes(tree.Prove(key).Write),
            AssetState = ByteString.CopyFrom(states[asset]),
            AssetProof = Bytes(tree.Prove(StateKeys.Asset(asset)).Write),
        };
    }

    /// <summary>The proof of an event of a block.</summary>
    public static EventProof ProveEvent(
        ulong height, ulong timeMs, IReadOnlyList<Domain.EventRecord> events, int index)
    {
        PrivateKey[] keys = Keys();
        GenesisDocument genesis = Genesis(keys);
        ByteString[] items = [.. events.Select(e => Bytes(writer => Domain.EventCodec.Write(writer, e)))];
        Hash256[] leaves = [.. items.Select(item => ListTree.Leaf(item.Span))];
        (BlockHeader header, Certificate certificate) = Final(
            keys, genesis, height, timeMs, Hash256.Zero, ListTree.Root(leaves));
        var proof = new EventProof
        {
            Genesis = Bytes(genesis.Write),
            Header = Bytes(header.Write),
            Certificate = Bytes(certificate.Write),
            Index = (uint)index,
            Count = (uint)items.Length,
            Event = items[index],
        };
        proof.Path.AddRange(
            ListTree.Path(leaves, index).Select(hash => ByteString.CopyFrom(hash.ToArray())));
        return proof;
    }

    private static (BlockHeader Header, Certificate Certificate) Final(
        PrivateKey[] keys, GenesisDocument genesis, ulong height, ulong timeMs, Hash256 stateRoot,
        Hash256 eventsRoot)
    {
        ValidatorSet validators = genesis.ValidatorSet;
        var header = new BlockHeader(
            genesis.Hash, new Epoch(0), new Height(height), new View(1), Hash256.Zero,
            new TimestampMs(timeMs), keys[1].Address, Hash256.Zero, Hash256.Zero, eventsRoot, stateRoot,
            validators.Hash, validators.Hash, Hash256.Zero);
        var subject = new VoteSubject(VoteKind.Finalize, header.Epoch, header.View, header.Hash);
        Hash256 digest = subject.SigningDigest(genesis.Hash);
        Certificate certificate = Certificate.FromVotes(
            subject,
            Enumerable.Range(0, Quorum).Select(i => new Vote(subject, i, [.. keys[i].Sign(digest)])));
        return (header, certificate);
    }

    /// <summary>The same proof by one who lies about the decimals and cannot sign the lie.</summary>
    public static BalanceProof WithDecimals(BalanceProof proof, uint decimals)
    {
        BalanceProof forged = proof.Clone();
        forged.AssetState = ByteString.CopyFrom(
            StateCodec.Encode(Bond(AssetId.Parse(proof.Asset), decimals), StateCodec.WriteAsset));
        return forged;
    }

    private static AssetState Bond(AssetId asset, uint decimals) => new(
        new Domain.AssetDefinition(
            asset, Domain.AssetClass.Bond, "Bond", "", (byte)decimals, new Amount(ulong.MaxValue), 1,
            new Address([.. Enumerable.Repeat((byte)9, Address.Size)]),
            new Domain.AssetTerms("", default, default, 0, 0, Domain.DayCount.None, [])),
        new Amount(ulong.MaxValue), Paused: false, DocumentCount: 0);

    private static PrivateKey[] Keys() =>
        [.. Enumerable.Range(1, Validators).Select(i => PrivateKey.Import([.. new byte[31], (byte)i]))];

    private static GenesisDocument Genesis(PrivateKey[] keys) => new(
        "test-net", FakeLedger.ChainId, new TimestampMs(FakeLedger.StartMs),
        new ConsensusParameters(100, 1000),
        [.. keys.Select((k, i) => new Validator($"validator-{i + 1}", k.Address, StateHash.Key([(byte)i])))],
        [], [], [], []);

    private static ByteString Bytes(Action<CanonicalWriter> write)
    {
        var writer = new CanonicalWriter();
        write(writer);
        return ByteString.CopyFrom(writer.Written);
    }
}
