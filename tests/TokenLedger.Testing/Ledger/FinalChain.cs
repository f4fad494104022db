// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Genesis;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Crypto;
using TokenLedger.Execution;
using TokenLedger.Protocol.Blocks;
using TokenLedger.Protocol.Wire;
using Transaction = TokenLedger.Core.Ledger.Transaction;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Testing;

/// <summary>
/// A ledger and the final blocks that a node would stream of it: real transaction bodies, headers and
/// certificates, by keyed hashes in place of signatures unless keys are given. Not thread-safe.
/// </summary>
public sealed class FinalChain
{
    private readonly List<V1.FinalBlock> _blocks = [];
    private readonly Func<Height, bool> _isCertified;
    private readonly ISigner[] _signers;
    private BlockHeader _last;
    private MountainRange _history = MountainRange.Empty;

    /// <param name="isCertified">Which blocks after genesis have a certificate of their own; null for
    /// all.</param>
    /// <param name="keys">Keys of four validators; null for keyed hashes.</param>
    public FinalChain(Func<Height, bool>? isCertified = null, IReadOnlyList<PrivateKey>? keys = null)
    {
        _isCertified = isCertified ?? (static _ => true);
        Scheme = keys is null ? new KeyedHashScheme() : new Secp256k1Scheme();
        ImmutableArray<Validator> validators = KeyedHashScheme.Validators(4).All;
        _signers = keys is null
            ? [.. validators.Select(validator => KeyedHashScheme.SignerOf(validator.Address))]
            : [.. keys];
        Genesis = TestNetwork.Genesis() with
        {
            Validators = [.. validators.Zip(_signers, (validator, signer) =>
                validator with { Address = signer.Address })],
        };
        GenesisHash = Genesis.Hash;
        Ledger = new TestLedger(Genesis, Sign) { Executed = Add };
        _last = GenesisBuilder.Header(Genesis, Ledger.Tree.Root);
        _blocks.Add(new V1.FinalBlock { Header = ProvenChain.Encoded(_last.Write) });
    }

    public GenesisDocument Genesis { get; }

    public Hash256 GenesisHash { get; }

    /// <summary>The ledger: every block that it runs is added here.</summary>
    public TestLedger Ledger { get; }

    public ISignatureScheme Scheme { get; }

    /// <summary>All blocks from genesis on.</summary>
    public IReadOnlyList<V1.FinalBlock> Blocks => _blocks;

    public ByteString GenesisBytes => ProvenChain.Encoded(Genesis.Write);

    /// <summary>A verifier that begins after a block; at genesis without one.</summary>
    public FinalBlockVerifier Verifier(BlockPosition? after = null) => FinalBlockVerifier.Begin(
        GenesisBytes.Span, GenesisHash, Scheme, after, out BlockFailure? failure)
        ?? throw new InvariantException(failure!.Sentence);

    /// <summary>All blocks, as the verifier gives them out.</summary>
    public IReadOnlyList<VerifiedBlock> Verified()
    {
        FinalBlockVerifier verifier = Verifier();
        var final = new List<VerifiedBlock>();
        foreach (V1.FinalBlock block in _blocks)
        {
            BlockFailure? failure = verifier.Add(block, final);
            Invariant.Require(failure is null, failure?.Sentence ?? "");
        }

        return final;
    }

    /// <summary>A finalization by some of the four validators.</summary>
    public Certificate Certify(BlockHeader header, int[] signers, VoteKind kind = VoteKind.Finalize)
    {
        var subject = new VoteSubject(kind, header.Epoch, header.View, header.Hash);
        Hash256 digest = subject.SigningDigest(GenesisHash);
        return Certificate.FromVotes(subject, signers.Select(signer => new Vote(
            subject, signer, [.. _signers[signer].Sign(digest)])));
    }

    /// <summary>A transaction with its wire body and no signature: a follower does not check it.</summary>
    private VerifiedTransaction Sign(Transaction transaction)
    {
        var signed = new SignedTransaction(
            [.. TransactionMapper.Encode(transaction)], [.. new byte[Limits.SignatureBytes]]);
        return new VerifiedTransaction(signed.IdOn(GenesisHash), transaction, signed);
    }

    private void Add(IReadOnlyList<VerifiedTransaction> transactions, ExecutedBlock executed)
    {
        SignedTransaction[] signed = [.. transactions.Select(transaction => transaction.Signed)];
        Hash256 parent = _last.Hash;
        _history = _history.Append(parent);
        _last = _last with
        {
            Height = _last.Height.Next,
            View = new View(_last.View.Value + 2),
            ParentHash = parent,
            Timestamp = Ledger.Time,
            Proposer = Genesis.Validators[0].Address,
            TransactionsRoot = Block.TransactionsRootOf(signed),
            ReceiptsRoot = executed.ReceiptsRoot,
            EventsRoot = executed.EventsRoot,
            StateRoot = Ledger.Tree.Root,
            HistoryRoot = _history.Root(),
        };
        var wire = new V1.FinalBlock { Header = ProvenChain.Encoded(_last.Write) };
        if (_isCertified(_last.Height))
        {
            wire.Certificate = ProvenChain.Encoded(Certify(_last, [0, 1, 3]).Write);
        }

        wire.Transactions.AddRange(signed.Select(TransactionMapper.ToWire));
        wire.Receipts.AddRange(executed.Receipts.Select(
            static receipt => ProvenChain.Encoded(receipt.Write)));
        wire.Events.AddRange(executed.Events.Select(static record =>
            ProvenChain.Encoded(writer => EventCodec.Write(writer, record))));
        _blocks.Add(wire);
    }
}
