// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Consensus;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.Snapshots;
using TokenLedger.Core.State;

namespace TokenLedger.Testing.Generators;

/// <summary>One canonical type: how a random value is encoded, and how bytes are decoded.</summary>
/// <param name="Name">The type.</param>
/// <param name="Reader">The method that decodes it: Type.Method.</param>
/// <param name="Sample">A random value's encoding.</param>
/// <param name="Decode">Decodes, consuming all bytes.</param>
/// <param name="Encode">Encodes what came out.</param>
public sealed record CanonicalType(
    string Name,
    string Reader,
    Func<CoreGenerator, byte[]> Sample,
    Func<byte[], object> Decode,
    Func<object, byte[]> Encode)
{
    /// <summary>Decodes, consuming all bytes, and encodes what came out.</summary>
    public byte[] Recode(byte[] bytes) => Encode(Decode(bytes));

    public override string ToString() => Name;
}

/// <summary>Every type that has a canonical form.</summary>
public static class CanonicalTypes
{
    public static ImmutableArray<CanonicalType> All { get; } =
    [
        Of("BlockHeader", g => g.Header(), (w, v) => v.Write(w), BlockHeader.Read),
        Of("SignedTransaction", g => g.SignedTransaction(), (w, v) => v.Write(w), SignedTransaction.Read),
        new("Block", "Block.Decode", g => g.Block().Encode(),
            bytes => Block.Decode(bytes), value => ((Block)value).Encode()),
        Of("VoteSubject", g => g.Subject(), (w, v) => v.Write(w), VoteSubject.Read),
        Of("Vote", g => g.Vote(), (w, v) => v.Write(w), Vote.Read),
        Of("Certificate", g => g.Certificate(), (w, v) => v.Write(w), Certificate.Read),
        new("Proposal", "Proposal.Decode", g => g.Proposed().Encode(),
            bytes => Proposal.Decode(bytes), value => ((Proposal)value).Encode()),
        Of("EquivocationEvidence", g => new EquivocationEvidence(g.Vote(), g.Vote()), (w, v) => v.Write(w),
            EquivocationEvidence.Read),
        Of("ConsensusRecord", g => g.ConsensusRecord(), (w, v) => v.Write(w), ConsensusRecord.Read),
        Of("Validator", g => g.Validator(), ValidatorSet.WriteValidator, ValidatorSet.ReadValidator),
        Of("Receipt", g => g.Receipt(), (w, v) => v.Write(w), Receipt.Read),
        Of("EventRecord", g => g.Event(), EventCodec.Write, EventCodec.Read),
        Of("PrivilegedOperation", g => g.Privileged(), PrivilegedCodec.Write, PrivilegedCodec.Read),
        Of("AssetDefinition", g => g.Definition(), AssetCodec.Write, AssetCodec.Read),
        Of("AssetDocument", g => g.Document(), AssetCodec.WriteDocument, AssetCodec.ReadDocument),
        Of("Amount", g => g.Amount(), StateCodec.WriteAmount, StateCodec.ReadAmount),
        Of("Number", g => g.U64(), StateCodec.WriteNumber, StateCodec.ReadNumber),
        Of("AccountState", g => g.Account(), StateCodec.WriteAccount, StateCodec.ReadAccount),
        Of("RequestState", g => g.Request(), StateCodec.WriteRequest, StateCodec.ReadRequest),
        Of("AssetState", g => g.AssetState(), StateCodec.WriteAsset, StateCodec.ReadAsset),
        Of("InstitutionState", g => g.Institution(), StateCodec.WriteInstitution, StateCodec.ReadInstitution),
        Of("OfficerState", g => g.Officer(), StateCodec.WriteOfficer, StateCodec.ReadOfficer),
        Of("ApprovalPolicy", g => g.Policy(), StateCodec.WritePolicy, StateCodec.ReadPolicy),
        Of("ProposalState", g => g.Proposal(), StateCodec.WriteProposal, StateCodec.ReadProposal),
        Of("BridgeLaneState", g => g.BridgeLane(), BridgeCodec.WriteLane, BridgeCodec.ReadLane),
        Of("BridgeTokenState", g => g.BridgeToken(), BridgeCodec.WriteToken, BridgeCodec.ReadToken),
        Of("BridgeTokenAsset", g => g.Asset(), BridgeCodec.WriteAsset, BridgeCodec.ReadAsset),
        Of("BridgeLockState", g => g.BridgeLock(), BridgeCodec.WriteLock, BridgeCodec.ReadLock),
        Of("BridgeMessageState", g => g.BridgeMessage(), BridgeCodec.WriteMessage, BridgeCodec.ReadMessage),
        Of("BridgeVoteState", g => g.BridgeVotes(), BridgeCodec.WriteVotes, BridgeCodec.ReadVotes),
        Of("BridgeBurnState", g => g.BridgeBurn(), BridgeCodec.WriteBurn, BridgeCodec.ReadBurn),
        Of("BridgePlace", g => g.BridgePlace(), BridgeCodec.WritePlace, BridgeCodec.ReadPlace),
        Of("StateProof", g => g.StateProof(), (w, v) => v.Write(w), StateProof.Read),
        Of("MountainRange", g => g.MountainRange(), (w, v) => v.Write(w), MountainRange.Read),
        new("GenesisDocument", "GenesisDocument.Decode", g => StateCodec.Encode(g.Genesis(), Write),
            bytes => GenesisDocument.Decode(bytes), v => StateCodec.Encode((GenesisDocument)v, Write)),
        new("SnapshotHead", "SnapshotHead.Decode", g => g.SnapshotHead().Encode(),
            bytes => SnapshotHead.Decode(bytes), value => ((SnapshotHead)value).Encode()),
        new("StateChunk", "StateChunk.Decode", g => g.StateChunk().Encode(),
            bytes => StateChunk.Decode(bytes), value => ((StateChunk)value).Encode()),
    ];

    private static CanonicalType Of<T>(
        string name,
        Func<CoreGenerator, T> sample,
        Action<CanonicalWriter, T> write,
        CanonicalRead<T> read) =>
        new(
            name,
            $"{read.Method.DeclaringType!.Name}.{read.Method.Name}",
            g => StateCodec.Encode(sample(g), write),
            bytes => StateCodec.Decode(bytes, read)!,
            value => StateCodec.Encode((T)value, write));

    private static void Write(CanonicalWriter writer, GenesisDocument document) => document.Write(writer);
}
