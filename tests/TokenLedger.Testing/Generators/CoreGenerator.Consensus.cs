// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Numerics;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Core.Snapshots;
using TokenLedger.Core.State;

namespace TokenLedger.Testing.Generators;

/// <summary>Blocks, votes, certificates and proofs; signatures are random bytes.</summary>
public sealed partial class CoreGenerator
{
    public BlockHeader Header() => new(
        Hash(), new Epoch(U64()), new Height(U64()), new View(U64()), Hash(), Time(), Address(), Hash(),
        Hash(),
        Hash(), Hash(), Hash(), Hash(), Hash());

    public SignedTransaction SignedTransaction() =>
        new([.. Bytes(Coin() ? Below(300) : 0)], Signature());

    public Block Block() => new(Header(), List(6, SignedTransaction));

    public VoteSubject Subject()
    {
        VoteKind kind = Enum<VoteKind>();
        Hash256 block = kind == VoteKind.Nullify ? Hash256.Zero : new Hash256(Bytes(Hash256.Size));
        return new VoteSubject(kind, new Epoch(U64()), new View(U64()), block);
    }

    public Vote Vote() => new(Subject(), Below(Limits.Validators), Signature());

    public Proposal Proposed() => new(Header(), new View(U64()), Vote());

    public Certificate Certificate()
    {
        uint signers = (uint)_random.NextInt64(1, 1L << Limits.Validators);
        var signatures = ImmutableArray.CreateBuilder<ImmutableArray<byte>>();
        for (int i = BitOperations.PopCount(signers); i > 0; i--)
        {
            signatures.Add(Signature());
        }

        return new Certificate(Subject(), signers, signatures.DrainToImmutable());
    }

    public ConsensusRecord ConsensusRecord() => Below(3) switch
    {
        0 => new OwnVoteRecord(Subject()),
        1 => new CertificateRecord(Certificate()),
        _ => new CertificationRecord(new View(U64()), Hash(), Coin()),
    };

    public Validator Validator() => new(Text(Limits.NameBytes), Address(), Hash());

    public StateProof StateProof() => new(
        List(Limits.StateTreeDepth, Hash), Coin() ? new OtherLeaf(Hash(), Hash()) : null);

    public MountainRange MountainRange()
    {
        MountainRange range = Core.Merkle.MountainRange.Empty;
        for (int i = Below(40); i > 0; i--)
        {
            range = range.Append(Hash());
        }

        return range;
    }

    public SnapshotHead SnapshotHead() => new(Header(), Certificate(), MountainRange());

    /// <summary>A chunk in form: its entries prove nothing.</summary>
    public StateChunk StateChunk()
    {
        ImmutableArray<Hash256> siblings = List(Limits.StateTreeDepth, Hash);
        return new StateChunk(
            new KeyRange(Hash(), siblings.Length), siblings,
            List(6, () => new StateEntry(Bytes(Below(Limits.StateKeyBytes)), Bytes(Below(300)))));
    }

    private ImmutableArray<byte> Signature() => [.. Bytes(Limits.SignatureBytes)];
}
