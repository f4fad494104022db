// SPDX-License-Identifier: Apache-2.0
using Google.Protobuf;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Runtime.Chain;
using TokenLedger.Runtime.Peers;
using TokenLedger.Runtime.Signing;
using TokenLedger.Storage.Guards;
using TokenLedger.Testing;

namespace TokenLedger.Simulation;

/// <summary>
/// What a node asks its peers for: bodies, certificates, and the blocks that it missed. It asks as the
/// production network does, one catch-up at a time, with the same patience.
/// </summary>
internal sealed class NodeQuestions(SimCluster cluster, SimNode node, NodeLife life, PeerBook book)
{
    private static readonly ulong IdleMs = (ulong)BlockSync.IdleAfter.TotalMilliseconds;

    private readonly PeerChoice _choice = new(
        book, [.. Enumerable.Range(0, life.Parts.Validators.Count).Where(index => index != node.Index)]);
    private readonly Readmission _readmission = new(
        life.Parts.Validators, node.Index, life.Ledger.GenesisHash, cluster.Scheme);

    private Follow? _follow;
    private bool _again;

    /// <summary>A run of blocks that is under way from one peer.</summary>
    private sealed class Follow(int peer, BlockRun run, Height from)
    {
        public int Peer => peer;

        public BlockRun Run => run;

        public Height From => from;

        public ulong HeardAt { get; set; }
    }

    public void FetchBody(Hash256 hash, int? holder)
    {
        var request = new GetCandidateRequest { BlockHash = ByteString.CopyFrom(hash.ToArray()) };
        Ask<GetCandidateRequest, GetCandidateResponse>(holder ?? Rotate(), request, static (peer, asked) =>
        {
            // As in production, what is no hash is answered with nothing: links turn bits.
            byte[]? block = asked.BlockHash.Length == Hash256.Size
                ? SyncEndpoint.Candidate(peer.Ledger, peer.Record, new Hash256(asked.BlockHash.Span))
                : null;
            return [new GetCandidateResponse { Block = ByteString.CopyFrom(block ?? []) }];
        }, (peer, answer, _) =>
        {
            if (!answer.Block.IsEmpty && Block.Decode(answer.Block.Span) is var block && block.Hash == hash)
            {
                life.TryPost(peer, new BodyArrived(block, Source: null));
            }
        });
    }

    public void FetchCertificates(View from, View to, int? holder)
    {
        var request = new ListCertificatesRequest { FromView = from.Value, ToView = to.Value };
        int peer = holder ?? Rotate();
        Ask<ListCertificatesRequest, ListCertificatesResponse>(peer, request, static (peer, asked) =>
        {
            var answer = new ListCertificatesResponse();
            answer.Certificates.AddRange(peer.Consensus.Answer(
                new View(asked.FromView), new View(asked.ToView), SyncEndpoint.MaxCertificates)
                .Select(certificate => PeerWire.Bytes(certificate.Write)));
            return [answer];
        }, (peer, answer, _) =>
        {
            foreach (Certificate certificate in PeerNetwork.Useful(answer.Certificates, from, to))
            {
                life.TryPost(peer, new CertificateReceived(-1, certificate));
            }
        });
    }

    public void CatchUp()
    {
        if (_follow is not null)
        {
            _again = true;
            return;
        }

        FollowOnce(Ahead() ?? Rotate());
    }

    /// <summary>In quarantine, asks everybody how far the own key has signed.</summary>
    public void AskWhatWasSigned()
    {
        if (life.Consensus.Status.Doubt == GuardDoubt.None)
        {
            return;
        }

        for (int to = 0; to < life.Parts.Validators.Count; to++)
        {
            if (to != node.Index)
            {
                Ask<GetHighestVoteRequest, GetHighestVoteResponse>(
                    to, new GetHighestVoteRequest(),
                    (asked, _) => [Readmission.Answer(asked.Consensus.SightOf(node.Index))],
                    (from, answer, _) => TakeSight(from, answer));
            }
        }
    }

    private void TakeSight(int from, GetHighestVoteResponse answer)
    {
        _readmission.TryTake(from, answer);
        if (_readmission.First(life.Consensus.Status.LastFinalizedView) is { } first)
        {
            life.Consensus.Readmit(first);
        }
    }

    /// <summary>A peer that said that it is further, if there is one.</summary>
    public int? Ahead() => _choice.Ahead(life.Ledger.Head.Height);

    /// <summary>More validators than may lie say that a block of this height or above is final.</summary>
    public bool IsFinalElsewhere(Height height) =>
        book.Reports().Count(report => report.Height >= height) > life.Parts.Validators.MaxFaulty;

    private void FollowOnce(int peer)
    {
        Height head = life.Ledger.Head.Height;
        var run = new BlockRun(
            life.Parts.Validators, life.Ledger.GenesisHash, cluster.Scheme, life.Ledger.Head.Hash);
        var follow = new Follow(peer, run, head) { HeardAt = cluster.Time.NowMs };
        _follow = follow;
        var request = new StreamBlocksRequest
        {
            FromHeight = head.Next.Value,
            MaxBlocks = SyncEndpoint.MaxBlocks,
        };
        Ask<StreamBlocksRequest, StreamBlocksResponse>(
            peer, request, Blocks, (_, answer, last) => Hear(follow, answer, last));
        cluster.Time.After(IdleMs, () => GiveUpIfIdle(follow));
    }

    private static List<StreamBlocksResponse> Blocks(NodeLife asked, StreamBlocksRequest request)
    {
        var answers = new List<StreamBlocksResponse>();
        foreach ((byte[] block, Certificate? certificate) in SyncEndpoint.Blocks(
            asked.Ledger, request.FromHeight, request.MaxBlocks))
        {
            var answer = new StreamBlocksResponse { Block = ByteString.CopyFrom(block) };
            if (certificate is not null)
            {
                answer.Certificate = PeerWire.Bytes(certificate.Write);
            }

            answers.Add(answer);
        }

        return answers.Count > 0 ? answers : [new StreamBlocksResponse()];
    }

    private void Hear(Follow follow, StreamBlocksResponse answer, bool last)
    {
        if (_follow != follow)
        {
            return;
        }

        follow.HeardAt = cluster.Time.NowMs;
        try
        {
            FinalRun? final = answer.Block.IsEmpty
                ? null
                : follow.Run.Add(answer.Block.Span, answer.Certificate.Span);
            if (final is not null)
            {
                Apply(follow, final, last);
            }
            else if (last)
            {
                End(follow, follow.From < life.Ledger.Head.Height);
            }
        }
        catch (Exception e) when (e is CanonicalFormatException or SyncRefusedException)
        {
            End(follow, goOn: false);
        }
    }

    private void Apply(Follow follow, FinalRun final, bool last)
    {
        var reply = new TaskCompletionSource<string?>();
        var blocks = new SyncedBlocks(final.Blocks, final.Certificate, reply);
        life.Post(blocks, () =>
        {
            if (reply.Task.Result is not null)
            {
                End(follow, goOn: false);
            }
            else if (last)
            {
                End(follow, follow.From < life.Ledger.Head.Height);
            }
        });
    }

    private void End(Follow follow, bool goOn)
    {
        if (_follow != follow)
        {
            return;
        }

        _follow = null;
        bool again = _again;
        if (goOn)
        {
            FollowOnce(follow.Peer);
        }
        else if (again)
        {
            _again = false;
            CatchUp();
        }
    }

    private void GiveUpIfIdle(Follow follow)
    {
        if (_follow != follow || life.IsOver)
        {
            return;
        }

        ulong due = follow.HeardAt + IdleMs;
        if (due <= cluster.Time.NowMs)
        {
            End(follow, goOn: false);
        }
        else
        {
            cluster.Time.At(due, () => GiveUpIfIdle(follow));
        }
    }

    /// <summary>A question there and its answers back, over links that may lose either.</summary>
    private void Ask<TRequest, TAnswer>(
        int peer, TRequest request, Func<NodeLife, TRequest, IReadOnlyList<TAnswer>> answer,
        Action<int, TAnswer, bool> hear)
        where TRequest : class, IMessage<TRequest>, new()
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        cluster.Send(life, node.Index, peer, request, (asked, _, arrived) =>
        {
            IReadOnlyList<TAnswer> answers = Bent(peer, answer(asked, arrived));
            for (int i = 0; i < answers.Count; i++)
            {
                bool last = i == answers.Count - 1;
                cluster.Send(asked, peer, node.Index, answers[i], (back, _, said) =>
                {
                    if (back == life)
                    {
                        Tolerant(() => hear(peer, said, last));
                    }
                });
            }
        });
    }

    /// <summary>What a peer answers, if it is Byzantine.</summary>
    private IReadOnlyList<TAnswer> Bent<TAnswer>(int peer, IReadOnlyList<TAnswer> answers)
        where TAnswer : class, IMessage
    {
        SimNode asked = cluster.Nodes[peer];
        return asked.Adversary is not { } adversary
            ? answers
            : [.. answers
                .SelectMany(one => asked.Context.Send(adversary, node.Index, new SyncAnswerMessage(one)))
                .Select(bent => (bent as SyncAnswerMessage)?.Answer).OfType<TAnswer>()];
    }

    private static void Tolerant(Action hear)
    {
        try
        {
            hear();
        }
        catch (Exception e) when (e is CanonicalFormatException or ArgumentException)
        {
            // As in production: an answer that does not decode is no answer.
        }
    }

    private int Rotate() => _choice.Rotate()!.Value;
}
