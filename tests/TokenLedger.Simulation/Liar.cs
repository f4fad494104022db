// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// What a validator whose owner is dishonest says beside or in the place of what its machine says. There are
/// never more than f of them.
/// </summary>
internal sealed class Liar(SimCluster cluster, SimNode node)
{
    private const ulong HourMs = 3_600_000;
    private const ulong FarViews = 5_000;
    private const int VotesAtOnce = 64;

    private readonly Dictionary<Hash256, BlockHeader> _instead = [];

    /// <summary>Its blocks have a wrong root while this is set.</summary>
    public FaultKind? Bends { get; set; }

    /// <summary>Chooses which of several lies of one kind it is.</summary>
    public ulong Choice { get; set; }

    /// <summary>The block that it sends in the place of one that it built.</summary>
    public Block Bend(Block block)
    {
        if (Bends is { } kind)
        {
            cluster.Fired(kind);
            _instead[block.Hash] = Bend(kind, block.Header);
        }

        return _instead.TryGetValue(block.Hash, out BlockHeader? header)
            ? new Block(header, block.Transactions)
            : block;
    }

    /// <summary>The proposal of the block that it sent.</summary>
    public Proposal Bend(Proposal proposal)
    {
        if (!_instead.TryGetValue(proposal.BlockHash, out BlockHeader? header))
        {
            return proposal;
        }

        VoteSubject subject = proposal.LeaderVote.Subject with { BlockHash = header.Hash };
        return new Proposal(header, proposal.ParentView, Sign(subject, node.Key, node.Index));
    }

    public bool HasBent(in Hash256 hash) => _instead.ContainsKey(hash);

    /// <summary>A certificate that no quorum signed, for the view that its reader may be in.</summary>
    public StreamVotesRequest Forgery(View view, ulong choice)
    {
        var block = Hashing.Hash(DomainTag.StateValue, BitConverter.GetBytes(choice));
        var subject = new VoteSubject(VoteKind.Finalize, cluster.Validators.Epoch, view, block);
        int quorum = cluster.Validators.Count - cluster.Options.MaxFaulty;
        IEnumerable<Vote> votes = (choice % 3) switch
        {
            // Somebody signs with keys that are no member's.
            0 => Enumerable.Range(0, quorum).Select(i => Sign(subject, Stranger(i), i)),
            // It signs for all the others with its own key.
            1 => Enumerable.Range(0, quorum).Select(i => Sign(subject, node.Key, i)),
            // It signs alone.
            _ => [Sign(subject, node.Key, node.Index)],
        };
        Certificate certificate = Certificate.FromVotes(subject, votes);
        return new StreamVotesRequest { Certificate = NodePorts.Bytes(certificate.Write) };
    }

    /// <summary>Signed votes for views that nobody will be in for long.</summary>
    public IEnumerable<StreamVotesRequest> FutureVotes(View view, ulong round)
    {
        for (ulong i = 0; i < VotesAtOnce; i++)
        {
            var far = new View(view.Value + FarViews + (round * VotesAtOnce) + i);
            var subject = new VoteSubject(VoteKind.Nullify, cluster.Validators.Epoch, far, default);
            Vote vote = Sign(subject, node.Key, node.Index);
            yield return new StreamVotesRequest { Vote = NodePorts.Bytes(vote.Write) };
        }
    }

    /// <summary>A pushed transaction that is none: each is signed, and none may get into a block.</summary>
    public static StreamBulkRequest Malformed(ulong choice)
    {
        byte[] right = [.. KeyedTransactions.Sign(TestNetwork.Alice, Nothing).Body];
        byte[] body = (choice % 4) switch
        {
            0 => [.. right, 0],
            1 => right[..^1],
            2 => [.. right.AsSpan(1)],
            _ => BitConverter.GetBytes(choice),
        };
        SignedTransaction signed = KeyedTransactions.SignBytes(TestNetwork.Alice, body);
        var batch = new TransactionBatch();
        batch.Transactions.Add(NodePorts.Bytes(signed.Write));
        return new StreamBulkRequest { Transactions = batch };
    }

    private static Transaction Nothing { get; } = new(
        TestNetwork.Alice, 0, 0, TestNetwork.Start.Plus(HourMs), RequestId: null, Memo: "",
        [new Transfer(TestNetwork.Bond, TestNetwork.Bob, new Amount(1))]);

    private BlockHeader Bend(FaultKind kind, BlockHeader header)
    {
        Hash256 wrong = Hashing.Hash(DomainTag.StateValue, header.Hash.ToArray());
        return kind switch
        {
            FaultKind.BadTime => header with { Timestamp = header.Timestamp.Plus(HourMs) },
            _ when Choice % 3 == 1 => header with { ReceiptsRoot = wrong },
            _ when Choice % 3 == 2 => header with { EventsRoot = wrong },
            _ => header with { StateRoot = wrong },
        };
    }

    private Vote Sign(VoteSubject subject, ISigner key, int index) =>
        new(subject, index, [.. key.Sign(subject.SigningDigest(cluster.Genesis.Hash))]);

    private ISigner Stranger(int index) => cluster.Options.RealSignatures
        ? node.Key
        : KeyedHashScheme.SignerOf(TestNetwork.Named($"stranger {index}"));
}
