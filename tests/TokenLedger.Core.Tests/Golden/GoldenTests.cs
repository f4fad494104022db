// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.State;

namespace TokenLedger.Core.Tests.Golden;

/// <summary>The formats, byte by byte: whatever changes one shows here.</summary>
public sealed class GoldenTests
{
    [Fact]
    public void Consensus_Messages_AreUnchanged()
    {
        var file = new GoldenFile(
            "consensus.txt", "Headers, blocks, votes, certificates, records of consensus.");
        Hash256 genesis = Samples.Header.GenesisHash;
        file.Add("BlockHeader", Encode(Samples.Header, (w, v) => v.Write(w)));
        file.Add("BlockHeader.Hash", Samples.Header.Hash);
        file.Add("Block", new Block(Samples.Header, Samples.Transactions).Encode());
        file.Add("Block.TransactionsRoot", Block.TransactionsRootOf(Samples.Transactions));
        file.Add("SignedTransaction", Encode(Samples.Transactions[0], (w, v) => v.Write(w)));
        file.Add("SignedTransaction.Id", Samples.Transactions[0].IdOn(genesis));
        foreach (VoteSubject subject in new[] { Samples.Notarize, Samples.Nullify, Samples.Finalize })
        {
            file.Add($"VoteSubject.{subject.Kind}", Encode(subject, (w, v) => v.Write(w)));
            file.Add($"VoteSubject.{subject.Kind}.SigningDigest", subject.SigningDigest(genesis));
        }

        file.Add("Vote", Encode(new Vote(Samples.Notarize, 30, Samples.Signature(9)), (w, v) => v.Write(w)));
        file.Add("Certificate", Encode(Samples.Certificate, (w, v) => v.Write(w)));
        file.Add("Validator", Encode(Samples.Validators[1], ValidatorSet.WriteValidator));
        file.Add("ValidatorSet.Hash", new ValidatorSet(new Epoch(9), Samples.Validators).Hash);
        foreach (ConsensusRecord record in Samples.ConsensusRecords)
        {
            file.Add(record.GetType().Name, Encode(record, (w, v) => v.Write(w)));
        }

        file.AssertUnchanged();
    }

    [Fact]
    public void Events_EveryKind_AreUnchanged()
    {
        var file = new GoldenFile(
            "events.txt", "Events: the transaction's index, the kind byte, the fields.");
        foreach (LedgerEvent ledgerEvent in Samples.Events)
        {
            file.Add(ledgerEvent.GetType().Name, Encode(new EventRecord(5, ledgerEvent), EventCodec.Write));
        }

        file.Add("Transferred.Tagged", Encode(new EventRecord(5, Samples.Tagged), EventCodec.Write));
        file.Add(
            "Housekeeping", Encode(
                new EventRecord(
                    EventRecord.Housekeeping, Samples.Events.OfType<ProposalFailed>().Single()),
                EventCodec.Write));
        file.AssertUnchanged();
    }

    [Fact]
    public void PrivilegedOperations_EveryKind_AreUnchanged()
    {
        var file = new GoldenFile("privileged.txt", "Privileged operations: the kind byte, the fields.");
        foreach (PrivilegedOperation operation in Samples.PrivilegedOperations)
        {
            file.Add(operation.GetType().Name, Encode(operation, PrivilegedCodec.Write));
        }

        file.Add(
            "PayloadHash", PrivilegedCodec.PayloadHash(
                Samples.Hash(1),
                [.. Samples.PrivilegedOperations.TakeWhile(o => o.Kind <= PrivilegedKind.RevokeOfficer)]));
        file.AssertUnchanged();
    }

    [Fact]
    public void State_RecordsAndKeys_AreUnchanged()
    {
        var file = new GoldenFile("state.txt", "Receipts, state values, state keys, genesis.");
        foreach ((string name, Receipt receipt) in Samples.Receipts)
        {
            file.Add(name, Encode(receipt, (w, v) => v.Write(w)));
        }

        AddStateValues(file);
        AddStateKeys(file);
        file.Add("GenesisDocument", Encode(Samples.Genesis, (w, v) => v.Write(w)));
        file.Add("GenesisDocument.Hash", Samples.Genesis.Hash);
        file.AssertUnchanged();
    }

    [Fact]
    public void Merkle_RootsAndProofs_AreUnchanged()
    {
        var file = new GoldenFile("merkle.txt", "List tree, mountain range, state tree.");
        Hash256[] leaves = [.. Enumerable.Range(0, 9).Select(i => ListTree.Leaf([(byte)i]))];
        MountainRange range = MountainRange.Empty;
        for (int i = 0; i <= leaves.Length; i++)
        {
            file.Add($"ListTree.Root.{i}", ListTree.Root(leaves.AsSpan(0, i)));
            file.Add($"MountainRange.Root.{i}", range.Root());
            range = range.Append(Samples.Hash((byte)i));
        }

        file.Add("ListTree.Leaf", leaves[1]);
        file.Add("MountainRange", Encode(range, (w, v) => v.Write(w)));
        file.Add("StateHash.Key", StateHash.Key([0x10, 0x20]));
        file.Add("StateHash.Value", StateHash.Value([0x30]));
        file.Add("StateHash.Leaf", StateHash.Leaf(Samples.Hash(1), Samples.Hash(2)));
        file.Add("StateHash.Node", StateHash.Node(Samples.Hash(1), Samples.Hash(2)));
        ImmutableArray<Hash256> siblings = [Samples.Hash(1), Hash256.Zero, Samples.Hash(2)];
        var other = new OtherLeaf(Samples.Hash(3), Samples.Hash(4));
        file.Add("StateProof", Encode(new StateProof(siblings, null), (w, v) => v.Write(w)));
        file.Add("StateProof.OtherLeaf", Encode(new StateProof(siblings, other), (w, v) => v.Write(w)));
        file.AssertUnchanged();
    }

    /// <summary>A new kind without a vector, or without a codec, fails here.</summary>
    [Fact]
    public void Samples_PolymorphicTypes_CoverEverySubclass()
    {
        AssertCovered(Samples.Events, v => Encode(new EventRecord(0, v), EventCodec.Write), bytes =>
            StateCodec.Decode(bytes, EventCodec.Read).Event);
        AssertCovered(Samples.PrivilegedOperations, v => Encode(v, PrivilegedCodec.Write), bytes =>
            StateCodec.Decode(bytes, PrivilegedCodec.Read));
        AssertCovered(Samples.ConsensusRecords, v => Encode(v, (w, record) => record.Write(w)), bytes =>
            StateCodec.Decode(bytes, ConsensusRecord.Read));
        Assert.Equal(
            Enum.GetValues<PrivilegedKind>(), Samples.PrivilegedOperations.Select(
                operation => operation.Kind));
    }

    private static void AddStateValues(GoldenFile file)
    {
        file.Add("Amount", Encode(new Amount(UInt128.MaxValue - 1), StateCodec.WriteAmount));
        file.Add("Number", Encode(0x0102030405060708ul, StateCodec.WriteNumber));
        file.Add("AccountState", Encode(Samples.Account, StateCodec.WriteAccount));
        file.Add(
            "AccountState.TagRequired",
            Encode(Samples.Account with { TagRequired = true }, StateCodec.WriteAccount));
        file.Add("RequestState", Encode(
            new RequestState(Samples.Hash(1), new TimestampMs(2)), StateCodec.WriteRequest));
        file.Add("AssetState", Encode(
            new AssetState(Samples.Definition, Samples.Amount(1), true, 2), StateCodec.WriteAsset));
        file.Add("AssetDocument", Encode(Samples.Document, AssetCodec.WriteDocument));
        file.Add("InstitutionState", Encode(
            new InstitutionState(InstitutionKind.Regulator, "Regulator", "نگران", 3),
            StateCodec.WriteInstitution));
        file.Add("OfficerState", Encode(
            new OfficerState(Samples.Address(1), Duties.Maker | Duties.Checker, "Director"),
            StateCodec.WriteOfficer));
        file.Add("ApprovalPolicy", Encode(Samples.Policy, StateCodec.WritePolicy));
        file.Add("ProposalState", Encode(Samples.Proposal, StateCodec.WriteProposal));
    }

    private static void AddStateKeys(GoldenFile file)
    {
        var request = new RequestId(new UInt128(1, 2));
        var time = new TimestampMs(0x0102030405060708);
        file.Add("Key.Meta.NextProposal", StateKeys.Meta(MetaKey.NextProposal));
        file.Add("Key.Account", StateKeys.Account(Samples.Address(1)));
        file.Add("Key.Balance", StateKeys.Balance(Samples.Address(1), Samples.Bond));
        file.Add("Key.Nonce", StateKeys.Nonce(Samples.Address(1), 2));
        file.Add("Key.Request", StateKeys.Request(Samples.Address(1), request));
        file.Add("Key.RequestExpiry", StateKeys.RequestExpiry(time, Samples.Address(1), request));
        file.Add("Key.Asset", StateKeys.Asset(Samples.Bond));
        file.Add("Key.Supply", StateKeys.Supply(Samples.Bond));
        file.Add("Key.Document", StateKeys.Document(Samples.Bond, 258));
        file.Add("Key.Institution", StateKeys.Institution(Samples.Address(1)));
        file.Add("Key.Officer", StateKeys.Officer(Samples.Address(1)));
        file.Add("Key.Policy", StateKeys.Policy(PrivilegedKind.RevokeOfficer));
        file.Add("Key.Proposal", StateKeys.Proposal(258));
        file.Add("Key.Schedule", StateKeys.Schedule(time, 258));
    }

    private static void AssertCovered<T>(T[] samples, Func<T, byte[]> encode, Func<byte[], T> decode)
        where T : class
    {
        IEnumerable<string> subclasses = typeof(T).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract)
            .Select(type => type.Name);
        Assert.Equal(subclasses.Order(), samples.Select(sample => sample.GetType().Name).Order());
        foreach (T sample in samples)
        {
            byte[] bytes = encode(sample);
            T decoded = decode(bytes);
            Assert.Equal(sample.GetType(), decoded.GetType());
            Assert.Equal(bytes, encode(decoded));
        }
    }

    private static byte[] Encode<T>(T value, Action<CanonicalWriter, T> write) =>
        StateCodec.Encode(value, write);
}
