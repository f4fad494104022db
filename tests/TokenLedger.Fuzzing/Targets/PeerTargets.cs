// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;
using TokenLedger.Fuzzing.Shapes;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Runtime.Peers;
using TokenLedger.Runtime.Signing;
using TokenLedger.Testing;
using TokenLedger.Testing.Generators;

namespace TokenLedger.Fuzzing.Targets;

/// <summary>
/// What validators send: messages of the two streams, and answers to a node that is behind.
/// </summary>
internal static class PeerTargets
{
    private const int Peer = 1;

    private static readonly ValidatorSet Validators = KeyedHashScheme.Validators(4);
    private static readonly Hash256 Network = Hashing.Hash(DomainTag.Genesis, [1]);

    public static ImmutableArray<FuzzTarget> All { get; } =
    [
        new()
        {
            Name = "peer.Votes",
            Shape = new ProtobufShape(StreamVotesRequest.Descriptor),
            Sample = g => VotesMessage(g).ToByteArray(),
            Decode = bytes => Receive(StreamVotesRequest.Parser.ParseFrom(bytes)),
            Encode = value => ((IMessage)value).ToByteArray(),
            Spelling = Spelling.Normal,
            Declared = [typeof(InvalidProtocolBufferException)],
        },
        new()
        {
            Name = "peer.Bulk",
            Shape = new ProtobufShape(StreamBulkRequest.Descriptor),
            Sample = g => BulkMessage(g).ToByteArray(),
            Decode = bytes => Receive(StreamBulkRequest.Parser.ParseFrom(bytes)),
            Encode = value => ((IMessage)value).ToByteArray(),
            Spelling = Spelling.Normal,
            Declared = [typeof(InvalidProtocolBufferException)],
        },
        new()
        {
            Name = "sync.Blocks",
            Shape = CanonicalShape.Instance,
            Sample = Run,
            Decode = TakeRun,
            Spelling = Spelling.None,
            Declared = [typeof(CanonicalFormatException), typeof(SyncRefusedException)],
        },
        new()
        {
            Name = "sync.Certificates",
            Shape = new ProtobufShape(ListCertificatesResponse.Descriptor),
            Sample = g => Answer(g.List(4, g.Certificate).Select(
                c => c with { Subject = c.Subject with { View = new View((ulong)g.Below(30)) } })),
            Decode = bytes => PeerNetwork.Useful(
                ListCertificatesResponse.Parser.ParseFrom(bytes).Certificates, new View(5), new View(25))
                .ToArray() is { Length: > 0 } useful ? useful : null,
            Encode = value => Answer((Certificate[])value),
            Spelling = Spelling.Normal,
            Declared = [typeof(InvalidProtocolBufferException), typeof(CanonicalFormatException)],
        },
        new()
        {
            Name = "sync.HighestVote",
            Shape = new ProtobufShape(GetHighestVoteResponse.Descriptor),
            Sample = g => Sight(g).ToByteArray(),
            Decode = TakeSight,
            Spelling = Spelling.None,
            Declared = [typeof(InvalidProtocolBufferException), typeof(CanonicalFormatException)],
        },
    ];

    /// <summary>How far a peer, or a liar, says that this key has signed.</summary>
    private static GetHighestVoteResponse Sight(CoreGenerator g)
    {
        var subject = new VoteSubject(VoteKind.Nullify, Validators.Epoch, new View(g.U64()), default);
        bool proved = subject.View.Value < long.MaxValue;
        return Readmission.Answer(new PeerSight(
            true, proved ? subject.View.Next : new View(g.U64()), proved ? Certify(subject) : g.Certificate(),
            g.Coin() ? g.Vote() : null));
    }

    private static Readmission? TakeSight(byte[] bytes)
    {
        var readmission = new Readmission(Validators, 0, Network, new KeyedHashScheme());
        return readmission.TryTake(Peer, GetHighestVoteResponse.Parser.ParseFrom(bytes)) ? readmission : null;
    }

    private static StreamVotesRequest VotesMessage(CoreGenerator g) => g.Below(4) switch
    {
        0 => new StreamVotesRequest { Vote = Bytes(g.Vote().Write) },
        1 => new StreamVotesRequest { Proposal = Bytes(g.Proposed().Write) },
        2 => new StreamVotesRequest { Certificate = Bytes(g.Certificate().Write) },
        _ => new StreamVotesRequest
        {
            Status = new PeerStatus
            {
                Height = g.U64(),
                View = g.U64(),
                StateRoot = ByteString.CopyFrom(g.Hash().ToArray()),
            },
        },
    };

    private static StreamBulkRequest BulkMessage(CoreGenerator g)
    {
        if (g.Coin())
        {
            return new StreamBulkRequest { Block = ByteString.CopyFrom(g.Block().Encode()) };
        }

        var batch = new TransactionBatch();
        batch.Transactions.AddRange(g.List(4, g.SignedTransaction).Select(t => Bytes(t.Write)));
        return new StreamBulkRequest { Transactions = batch };
    }

    /// <summary>
    /// What the node's machines got, written again as the message; null when it was dropped.
    /// </summary>
    private static StreamVotesRequest? Receive(StreamVotesRequest message)
    {
        var receiver = new Receiver();
        receiver.Endpoint.Receive(Peer, message);
        PeerReport report = receiver.Book.Reports()[Peer];
        return receiver.Input switch
        {
            VoteReceived vote => new StreamVotesRequest { Vote = Bytes(vote.Vote.Write) },
            ProposalReceived proposal => new StreamVotesRequest { Proposal = Bytes(proposal.Proposal.Write) },
            CertificateReceived certificate =>
                new StreamVotesRequest { Certificate = Bytes(certificate.Certificate.Write) },
            _ when report.Age != TimeSpan.MaxValue => new StreamVotesRequest
            {
                Status = new PeerStatus
                {
                    Height = report.Height.Value,
                    View = report.View.Value,
                    StateRoot = ByteString.CopyFrom(report.StateRoot.ToArray()),
                },
            },
            _ => null,
        };
    }

    private static StreamBulkRequest? Receive(StreamBulkRequest message)
    {
        var receiver = new Receiver();
        receiver.Endpoint.Receive(Peer, message);
        if (receiver.Block is { } block)
        {
            return new StreamBulkRequest { Block = ByteString.CopyFrom(block.Encode()) };
        }

        if (receiver.Transactions is not { } transactions)
        {
            return null;
        }

        var batch = new TransactionBatch();
        batch.Transactions.AddRange(transactions.Select(t => Bytes(t.Write)));
        return new StreamBulkRequest { Transactions = batch };
    }

    /// <summary>
    /// One to three blocks on a head, the last one final: lengths, bodies and certificates.
    /// </summary>
    private static byte[] Run(CoreGenerator g) => StateCodec.Encode(1 + g.Below(3), (writer, count) =>
    {
        Hash256 parent = Network;
        for (int i = 0; i < count; i++)
        {
            ImmutableArray<SignedTransaction> body = g.List(3, g.SignedTransaction);
            BlockHeader header = g.Header() with
            {
                ParentHash = parent,
                TransactionsRoot = Block.TransactionsRootOf(body),
            };
            var block = new Block(header, body);
            parent = block.Hash;
            writer.Bytes(block.Encode());
            var subject = new VoteSubject(VoteKind.Finalize, Validators.Epoch, block.Header.View, parent);
            bool certified = i == count - 1 || g.Coin();
            writer.Bytes(certified ? StateCodec.Encode(Certify(subject), (w, c) => c.Write(w)) : []);
        }
    });

    private static FinalRun? TakeRun(byte[] bytes)
    {
        var run = new BlockRun(Validators, Network, new KeyedHashScheme(), Network);
        var reader = new CanonicalReader(bytes);
        FinalRun? final = null;
        while (reader.Remaining > 0)
        {
            ReadOnlySpan<byte> body = reader.Bytes(Limits.PeerMessageBytes);
            final = run.Add(body, reader.Bytes(Limits.PeerMessageBytes)) ?? final;
        }

        return final;
    }

    private static Certificate Certify(VoteSubject subject) => Certificate.FromVotes(
        subject,
        Enumerable.Range(0, Validators.Quorum).Select(i => new Vote(
            subject, i,
            [.. KeyedHashScheme.SignerOf(Validators[i].Address).Sign(subject.SigningDigest(Network))])));

    private static byte[] Answer(IEnumerable<Certificate> certificates)
    {
        var answer = new ListCertificatesResponse();
        answer.Certificates.AddRange(certificates.Select(c => Bytes(c.Write)));
        return answer.ToByteArray();
    }

    private static ByteString Bytes(Action<CanonicalWriter> write) => ProvenChain.Encoded(write);

    private sealed class Receiver : IPeerReceiver, IPeerIdentity
    {
        public Receiver()
        {
            Book = new PeerBook(Validators, 0, TimeProvider.System);
            Endpoint = new PeerEndpoint(Validators, Network, this, Book, this, NullLogger.Instance);
        }

        public PeerBook Book { get; }

        public PeerEndpoint Endpoint { get; }

        public ConsensusInput? Input { get; private set; }

        public Block? Block { get; private set; }

        public IReadOnlyList<SignedTransaction>? Transactions { get; private set; }

        public int IndexOf(ServerCallContext context) => Peer;

        public bool Receive(int peer, ConsensusInput input)
        {
            Input = input;
            return true;
        }

        public void Receive(int peer, Block block) => Block = block;

        public Rejection? Receive(int peer, IReadOnlyList<SignedTransaction> transactions)
        {
            Transactions = transactions;
            return null;
        }
    }
}
