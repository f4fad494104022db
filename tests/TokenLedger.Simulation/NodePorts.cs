// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Runtime.Chain;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Runtime.Peers;

namespace TokenLedger.Simulation;

/// <summary>
/// What a process says to the others and hears from them: the production ports, over the simulated network.
/// Messages leave encoded, and arrive through the production endpoint.
/// </summary>
internal sealed class NodePorts : IChainPorts, IConsensusPorts, IPeerReceiver
{
    private readonly SimCluster _cluster;
    private readonly SimNode _node;
    private readonly NodeLife _life;
    private readonly PeerBook _book;
    private readonly PeerEndpoint _endpoint;
    private readonly NodeQuestions _questions;
    private readonly int _peers;

    public NodePorts(SimCluster cluster, SimNode node, NodeLife life)
    {
        _cluster = cluster;
        _node = node;
        _life = life;
        ValidatorSet validators = life.Parts.Validators;
        _peers = validators.Count;
        _book = new PeerBook(validators, 0, node.Clock);
        _endpoint = new PeerEndpoint(
            validators, life.Ledger.GenesisHash, NoIdentity.Instance, _book, this, NullLogger.Instance);
        _questions = new NodeQuestions(cluster, node, life, _book);
    }

    public void Tell(ConsensusInput input)
    {
        if (input is Synced synced)
        {
            _cluster.Checker.SaysFinal(_node, synced.Finalization);
        }

        _life.Post(input);
    }

    public void Relay(Block block) => SendToAll(new StreamBulkRequest { Block = Bytes(block.Write) });

    public void RelayAgain(Hash256 blockHash)
    {
        if (_life.Record.TryGetCandidate(blockHash, out byte[]? body))
        {
            SendToAll(new StreamBulkRequest { Block = ByteString.CopyFrom(body) });
        }
    }

    public void Fetch(Hash256 blockHash, int? holder) => _questions.FetchBody(blockHash, holder);

    public void FetchCertificates(View from, View to, int? holder) =>
        _questions.FetchCertificates(from, to, holder);

    public void CatchUp() => _questions.CatchUp();

    public void Broadcast(Vote vote)
    {
        Speaks(vote);
        SendToAll(new StreamVotesRequest { Vote = Bytes(vote.Write) });
    }

    public void Broadcast(Proposal proposal)
    {
        Speaks(proposal.LeaderVote);
        SendToAll(new StreamVotesRequest { Proposal = Bytes(proposal.Write) });
    }

    public void Broadcast(Certificate certificate) =>
        SendToAll(new StreamVotesRequest { Certificate = Bytes(certificate.Write) });

    public void Send(int to, Certificate certificate) =>
        Send(to, new StreamVotesRequest { Certificate = Bytes(certificate.Write) });

    public void Ask(ConsensusEffect effect) => _life.Post(new ConsensusAsks(effect));

    public void Block(int peer, PeerFault fault) => _book.Block(peer);

    public void Fatal(Exception cause) => _cluster.Checker.Fatal(_node, cause);

    /// <summary>Gives a transaction that this node took to all the others.</summary>
    public void Push(SignedTransaction transaction)
    {
        var batch = new TransactionBatch();
        batch.Transactions.Add(Bytes(transaction.Write));
        SendToAll(new StreamBulkRequest { Transactions = batch });
    }

    public void TellStatus()
    {
        FinalizedHead head = _life.Parts.Feed.Head;
        SendToAll(new StreamVotesRequest
        {
            Status = new PeerStatus
            {
                Height = head.Height.Value,
                StateRoot = ByteString.CopyFrom(head.Header.StateRoot.ToArray()),
                View = _life.Consensus.Status.View.Value,
            },
        });
        if (_questions.Ahead() is not null)
        {
            CatchUp();
        }

        _questions.AskWhatWasSigned();
    }

    public bool Receive(int peer, ConsensusInput input) => _life.TryPost(peer, input);

    public void Receive(int peer, Block block) => _life.TryPost(peer, new BodyArrived(block, peer));

    public Rejection? Receive(int peer, IReadOnlyList<SignedTransaction> transactions)
    {
        var admitted = ImmutableArray.CreateBuilder<VerifiedTransaction>(transactions.Count);
        foreach (SignedTransaction signed in transactions)
        {
            Rejection? refused = _life.Parts.Admission.TryAdmit(signed, out VerifiedTransaction? verified);
            if (refused is not null)
            {
                return refused;
            }

            admitted.Add(verified!);
        }

        _life.TryPost(peer, new AddTransactions(admitted.ToImmutable(), null));
        return null;
    }

    public static ByteString Bytes(Action<CanonicalWriter> write)
    {
        var writer = new CanonicalWriter();
        write(writer);
        return ByteString.CopyFrom(writer.Written);
    }

    private void Speaks(Vote vote)
    {
        if (vote.Signer == _node.Index)
        {
            _cluster.Checker.Speaks(_node, vote.Subject);
        }
    }

    private void SendToAll(StreamVotesRequest message)
    {
        for (int to = 0; to < _peers; to++)
        {
            Send(to, message);
        }
    }

    private void SendToAll(StreamBulkRequest message)
    {
        for (int to = 0; to < _peers; to++)
        {
            if (to != _node.Index)
            {
                _cluster.Send(_life, _node.Index, to, message, HearBulk);
            }
        }
    }

    private void Send(int to, StreamVotesRequest message)
    {
        if (to != _node.Index)
        {
            _cluster.Send(_life, _node.Index, to, message, HearVotes);
        }
    }

    private static void HearVotes(NodeLife life, int from, StreamVotesRequest message) =>
        life.Ports._endpoint.Receive(from, message);

    private static void HearBulk(NodeLife life, int from, StreamBulkRequest message) =>
        life.Ports._endpoint.Receive(from, message);

    /// <summary>Nobody asks: here a link is its peer's.</summary>
    private sealed class NoIdentity : IPeerIdentity
    {
        public static readonly NoIdentity Instance = new();

        public int IndexOf(Grpc.Core.ServerCallContext context) => -1;
    }
}
