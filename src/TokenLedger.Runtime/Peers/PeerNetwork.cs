// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Consensus.V1;
using TokenLedger.Protocol.Sync.V1;
using TokenLedger.Rpc;
using TokenLedger.Runtime.Chain;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Storage;

namespace TokenLedger.Runtime.Peers;

/// <summary>
/// The links to all other validators and what is asked over them. Members return at once; answers come back
/// as messages to the two threads.
/// </summary>
internal sealed class PeerNetwork : IAsyncDisposable
{
    private static readonly TimeSpan StatusEvery = TimeSpan.FromSeconds(1);
    /// <summary>How often an observer looks for new blocks: nobody tells it of them.</summary>
    private static readonly TimeSpan ObserveEvery = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan AskDeadline = TimeSpan.FromMilliseconds(Limits.PeerDeadlineMs);

    /// <summary>Asks under way at once: more would only be answered later.</summary>
    private const int MaxAsks = 32;

    private readonly PeerLink?[] _links;
    private readonly bool _observer;
    private readonly ValidatorSet _validators;
    private readonly FinalityFeed _feed;
    private readonly PeerBook _book;
    private readonly PeerChoice _choice;
    private readonly ChainWorker _chain;
    private readonly ConsensusWorker _consensus;
    private readonly Func<Hash256, byte[]?> _bodies;
    private readonly Action<Exception> _fatal;
    private readonly BlockSync _sync;
    private readonly TransactionRelay _relay;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _catchUp = new(0, 1);
    private readonly SemaphoreSlim _asks = new(MaxAsks);
    private Task _loops = Task.CompletedTask;

    public PeerNetwork(
        RuntimeOptions options,
        ValidatorSet validators,
        int ownIndex,
        Hash256 genesisHash,
        FinalityFeed feed,
        PeerBook book,
        ChainWorker chain,
        ConsensusWorker consensus,
        Func<Hash256, byte[]?> bodies,
        Action<Exception> fatal,
        TimeProvider time,
        ILogger log)
    {
        _observer = ownIndex == ConsensusConfig.Observer;
        _validators = validators;
        _feed = feed;
        _book = book;
        _chain = chain;
        _consensus = consensus;
        _bodies = bodies;
        _fatal = fatal;
        _time = time;
        _log = log;
        var hello = new Hello
        {
            ProtocolVersion = PeerEndpoint.ProtocolVersion,
            GenesisHash = ByteString.CopyFrom(genesisHash.ToArray()),
            ValidatorIndex = _observer ? 0 : (uint)ownIndex,
            Observer = _observer,
            Instance = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(InstanceFence.IdBytes)),
        };
        var refusals = new InstanceRefusals(validators, fatal, time, log);
        _links = [.. Enumerable.Range(0, validators.Count).Select(index => index == ownIndex
            ? null
            : Link(options, validators[index].Name, index, hello, refusals, fatal, time, log))];
        _choice = new PeerChoice(
            book, [.. Enumerable.Range(0, validators.Count).Where(index => _links[index] is not null)]);
        _sync = new BlockSync(
            validators, genesisHash, options.Signatures, feed, chain, !_observer, time, log);
        _relay = new TransactionRelay(SendToAll, time);
    }

    /// <summary>The links, by validator; null for this one and those without an address.</summary>
    public IReadOnlyList<PeerLink?> PeerLinks => _links;

    public void Start()
    {
        foreach (PeerLink link in Links())
        {
            link.Start();
        }

        _loops = Task.WhenAll(
            SupervisedAsync(_observer ? ObserveLoopAsync(_stop.Token) : StatusLoopAsync(_stop.Token)),
            SupervisedAsync(CatchUpLoopAsync(_stop.Token)),
            SupervisedAsync(_relay.RunAsync(_stop.Token)));
    }

    public void Broadcast(Vote vote) => SendToAll(new StreamVotesRequest { Vote = Bytes(vote.Write) });

    public void Broadcast(Proposal proposal) =>
        SendToAll(new StreamVotesRequest { Proposal = Bytes(proposal.Write) });

    public void Broadcast(Certificate certificate) =>
        SendToAll(new StreamVotesRequest { Certificate = Bytes(certificate.Write) });

    public void Send(int to, Certificate certificate) =>
        _links[to]?.Send(new StreamVotesRequest { Certificate = Bytes(certificate.Write) });

    public void Relay(Block block) => SendToAll(new StreamBulkRequest { Block = Bytes(block.Write) });

    public void RelayAgain(in Hash256 blockHash)
    {
        if (_bodies(blockHash) is { } body)
        {
            SendToAll(new StreamBulkRequest { Block = ByteString.CopyFrom(body) });
        }
    }

    public void Push(SignedTransaction transaction) => _relay.Add(transaction);

    public void Block(int peer, PeerFault fault)
    {
        _book.Block(peer);
        RuntimeLog.PeerBlocked(
            _log, _validators[peer].Name, PeerBook.BlockFor.TotalSeconds, fault.ToString());
    }

    /// <summary>Looks for peers that are ahead, now instead of at the next status.</summary>
    public void CatchUp()
    {
        try
        {
            _catchUp.Release();
        }
        catch (SemaphoreFullException)
        {
            // Asked already.
        }
    }

    public void FetchBody(Hash256 hash, int? holder) => Ask(holder, async (peer, link, cancellationToken) =>
    {
        GetCandidateResponse response = await link.Sync.GetCandidateAsync(
            new GetCandidateRequest { BlockHash = ByteString.CopyFrom(hash.ToArray()) },
            deadline: Deadline(),
            cancellationToken: cancellationToken).ResponseAsync.ConfigureAwait(false);
        if (!response.Block.IsEmpty && Core.Consensus.Block.Decode(response.Block.Span) is var block
            && block.Hash == hash)
        {
            _chain.TryPost(peer, new BodyArrived(block, Source: null));
        }
    });

    public void FetchCertificates(View from, View to, int? holder) => Ask(holder, async (peer, link, token) =>
    {
        ListCertificatesResponse response = await link.Sync.ListCertificatesAsync(
            new ListCertificatesRequest { FromView = from.Value, ToView = to.Value },
            deadline: Deadline(),
            cancellationToken: token).ResponseAsync.ConfigureAwait(false);
        foreach (Certificate certificate in Useful(response.Certificates, from, to))
        {
            _consensus.TryPost(peer, new CertificateReceived(-1, certificate));
        }
    });

    public Task<StoredBlock?> FetchStoredAsync(Height height, int attempt, CancellationToken stop) =>
        StoredParts.FetchAsync([.. Links()], height, attempt, _time, _log, stop);

    /// <summary>
    /// Of an answer, as many as an honest one has: of the views asked for, or a finalization above them.
    /// Anything else is not worth its checks.
    /// </summary>
    internal static IEnumerable<Certificate> Useful(IEnumerable<ByteString> answer, View from, View to) =>
        answer.Take(SyncEndpoint.MaxCertificates).Select(Decode).Where(certificate =>
            certificate.Subject is var subject
            && subject.View >= from
            && (subject.View <= to || subject.Kind == VoteKind.Finalize));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loops.ConfigureAwait(false);
        for (int i = 0; i < MaxAsks; i++)
        {
            // Every ask has ended once all places are free.
            await _asks.WaitAsync().ConfigureAwait(false);
        }

        foreach (PeerLink link in Links())
        {
            await link.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static PeerLink? Link(
        RuntimeOptions options, string name, int index, Hello hello, InstanceRefusals refusals,
        Action<Exception> fatal, TimeProvider time, ILogger log)
    {
        if (options.Connect(index) is not { } bulk)
        {
            return null;
        }

        // Two connections to each, so that bulk never stands in the way of votes.
        RpcChannel? votes = hello.Observer ? null : options.Connect(index);
        return new PeerLink(name, votes, bulk, hello, fatal, time, log)
        {
            Refused = duplicate => refusals.Tell(index, duplicate),
        };
    }

    /// <summary>
    /// Asks one peer in the background. A failed ask is nobody's fault: whoever needs the answer asks again.
    /// </summary>
    private void Ask(int? holder, Func<int, PeerLink, CancellationToken, Task> ask)
    {
        int? asked = holder ?? _choice.Rotate();
        PeerLink? link = asked is { } index ? _links[index] : null;
        if (link is null || _stop.IsCancellationRequested || !_asks.Wait(0))
        {
            return;
        }

        _ = Task.Run(async () =>
        {
            try
            {
                await ask(asked!.Value, link, _stop.Token).ConfigureAwait(false);
            }
            catch (InvariantException e)
            {
                _fatal(e);
            }
            catch (Exception e)
                when (e is RpcException or CanonicalFormatException or OperationCanceledException)
            {
                RuntimeLog.AskFailed(_log, link.Name, e.Message);
            }
#pragma warning disable CA1031 // Nobody awaits this task: what it meets is told here or nowhere.
            catch (Exception e)
#pragma warning restore CA1031
            {
                RuntimeLog.AskBroke(_log, link.Name, e);
            }
            finally
            {
                _asks.Release();
            }
        });
    }

    /// <summary>A node that no longer tells its height, or catches up, must not look alive.</summary>
    private async Task SupervisedAsync(Task loop)
    {
        try
        {
            await loop.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever it is.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _fatal(e);
        }
    }

    private async Task StatusLoopAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(StatusEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                FinalizedHead head = _feed.Head;
                SendToAll(new StreamVotesRequest
                {
                    Status = new PeerStatus
                    {
                        Height = head.Height.Value,
                        StateRoot = ByteString.CopyFrom(head.Header.StateRoot.ToArray()),
                        View = _consensus.Status.View.Value,
                    },
                });
                if (_choice.Ahead(_feed.Head.Height) is not null)
                {
                    CatchUp();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task ObserveLoopAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(ObserveEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                for (int i = 0; i < _links.Length; i++)
                {
                    if (_links[i] is { IsOpen: true })
                    {
                        _book.Hear(i);
                    }
                }

                CatchUp();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task CatchUpLoopAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await _catchUp.WaitAsync(stop).ConfigureAwait(false);
                if ((_choice.Ahead(_feed.Head.Height) ?? _choice.Rotate()) is { } peer)
                {
                    await _sync.FollowAsync(_links[peer]!, stop).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private void SendToAll(StreamVotesRequest message)
    {
        foreach (PeerLink link in Links())
        {
            link.Send(message);
        }
    }

    private void SendToAll(StreamBulkRequest message)
    {
        foreach (PeerLink link in Links())
        {
            link.Send(message);
        }
    }

    private IEnumerable<PeerLink> Links() => _links.OfType<PeerLink>();

    private DateTime Deadline() => _time.GetUtcNow().UtcDateTime + AskDeadline;

    private static ByteString Bytes(Action<CanonicalWriter> write)
    {
        var writer = new CanonicalWriter();
        write(writer);
        return ByteString.CopyFrom(writer.Written);
    }

    private static Certificate Decode(ByteString bytes)
    {
        var reader = new CanonicalReader(bytes.Span);
        Certificate certificate = Certificate.Read(ref reader);
        reader.End();
        return certificate;
    }
}
