// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
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
using TokenLedger.Testing;

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

    public void Relay(Block block) => SayToAll(new BlockMessage(block));

    public void RelayAgain(Hash256 blockHash)
    {
        if (_life.Record.TryGetCandidate(blockHash, out byte[]? body))
        {
            SayToAll(new BlockMessage(Core.Consensus.Block.Decode(body)));
        }
    }

    public void Fetch(Hash256 blockHash, int? holder) => _questions.FetchBody(blockHash, holder);

    public void FetchCertificates(View from, View to, int? holder) =>
        _questions.FetchCertificates(from, to, holder);

    public void CatchUp() => _questions.CatchUp();

    public bool IsFinalElsewhere(Height height) => _questions.IsFinalElsewhere(height);

    public void Broadcast(Vote vote)
    {
        Speaks(vote);
        SayToAll(new VoteMessage(vote));
    }

    public void Broadcast(Proposal proposal)
    {
        Speaks(proposal.LeaderVote);
        SayToAll(new ProposalMessage(proposal));
    }

    public void Broadcast(Certificate certificate)
    {
        _cluster.Checker.Consensus.Holds(_node, certificate);
        SayToAll(new CertificateMessage(certificate, IsAnswer: false));
    }

    public void Send(int to, Certificate certificate) =>
        Say(to, new CertificateMessage(certificate, IsAnswer: false));

    public void Ask(ConsensusEffect effect) => _life.Post(new ConsensusAsks(effect));

    public void Block(int peer, PeerFault fault) => _book.Block(peer);

    public void Fatal(Exception cause) => _cluster.Checker.Fatal(_node, cause);

    /// <summary>Gives a transaction that this node took to all the others.</summary>
    public void Push(SignedTransaction transaction) => SayToAll(new TransactionsMessage([transaction]));

    public void TellStatus()
    {
        FinalizedHead head = _life.Parts.Feed.Head;
        SayToAll(new StatusMessage(head.Height, head.Header.StateRoot, _life.Consensus.Status.View));
        if (_questions.Ahead() is not null)
        {
            CatchUp();
        }

        _questions.AskWhatWasSigned();
    }

    public bool Receive(int peer, ConsensusInput input)
    {
        bool posted = _life.TryPost(peer, input);
        if (posted && _node.Adversary is null && _cluster.Nodes[peer].Adversary is not null)
        {
            _cluster.Accusations.Hears(_node, _life, peer, input);
        }

        return posted;
    }

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

    private void Speaks(Vote vote)
    {
        if (vote.Signer == _node.Index)
        {
            _cluster.Checker.Speaks(_node, vote.Subject);
        }
    }

    /// <summary>An honest node says the same bytes to all; a Byzantine one bends them for each.</summary>
    private void SayToAll(PeerMessage message)
    {
        StreamVotesRequest? votes = _node.Adversary is null ? PeerWire.Votes(message) : null;
        StreamBulkRequest? bulk = _node.Adversary is null ? PeerWire.Bulk(message) : null;
        for (int to = 0; to < _peers; to++)
        {
            if (_node.Adversary is not null)
            {
                Say(to, message);
            }
            else
            {
                Leave(to, votes, bulk);
            }
        }
    }

    private void Say(int to, PeerMessage message)
    {
        if (_node.Adversary is not { } adversary)
        {
            Leave(to, PeerWire.Votes(message), PeerWire.Bulk(message));
        }
        else if (to != _node.Index)
        {
            foreach (PeerMessage bent in _node.Context.Send(adversary, to, message))
            {
                LeaveBent(to, bent);
            }
        }
    }

    private void LeaveBent(int to, PeerMessage message)
    {
        if (message is not DelayedMessage late)
        {
            Leave(to, PeerWire.Votes(message), PeerWire.Bulk(message));
            return;
        }

        _cluster.Time.After(late.DelayMs, () =>
        {
            if (!_life.IsOver)
            {
                LeaveBent(to, late.Message);
            }
        });
    }

    private void Leave(int to, StreamVotesRequest? votes, StreamBulkRequest? bulk)
    {
        if (to == _node.Index)
        {
            return;
        }

        if (votes is not null)
        {
            _cluster.Send(_life, _node.Index, to, votes, HearVotes);
        }
        else if (bulk is not null)
        {
            _cluster.Send(_life, _node.Index, to, bulk, HearBulk);
        }
    }

    private static void HearVotes(NodeLife life, int from, StreamVotesRequest message)
    {
        if (life.Ports.Overhears(from, message, PeerWire.Read))
        {
            life.Ports._endpoint.Receive(from, message);
        }
    }

    private static void HearBulk(NodeLife life, int from, StreamBulkRequest message)
    {
        if (life.Ports.Overhears(from, message, PeerWire.Read))
        {
            life.Ports._endpoint.Receive(from, message);
        }
    }

    /// <summary>Whether the machine gets a message: an adversary listens first, and may be deaf.</summary>
    private bool Overhears<T>(int from, T message, Func<T, PeerMessage?> read)
    {
        if (_node.Adversary is not { } adversary)
        {
            return true;
        }

        try
        {
            return read(message) is not { } said || _node.Context.Receive(adversary, from, said);
        }
        catch (Exception e) when (e is CanonicalFormatException or ArgumentException)
        {
            // Broken on its way: the endpoint says what is wrong with it.
            return true;
        }
    }

    /// <summary>Nobody asks: here a link is its peer's.</summary>
    private sealed class NoIdentity : IPeerIdentity
    {
        public static readonly NoIdentity Instance = new();

        public int IndexOf(Grpc.Core.ServerCallContext context) => -1;
    }
}
