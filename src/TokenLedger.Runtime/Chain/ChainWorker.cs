// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using TokenLedger.Core;

namespace TokenLedger.Runtime.Chain;

/// <summary>The one thread that owns the chain, and the mailbox in front of it.</summary>
internal sealed class ChainWorker : IDisposable
{
    /// <summary>
    /// Requests that can be under way: consensus asks a few a view, clients at most a connection's streams.
    /// </summary>
    private const int OwnCapacity = 65_536;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);

    private readonly Mailbox<ChainWork> _mailbox;
    private readonly int _clients;
    private readonly ChainDriver _driver;
    private readonly IChainPorts _ports;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private volatile int _poolCount;

    public ChainWorker(ChainParts parts, IChainPorts ports, TimeProvider time, ILogger log)
    {
        _clients = parts.Validators.Count;
        _mailbox = new Mailbox<ChainWork>(
            OwnCapacity,
            Enumerable.Repeat(new LaneLimit(Limits.PeerChainItems, Limits.PeerChainBytes), _clients)
                .Append(new LaneLimit(Limits.ClientChainItems, Limits.ClientChainBytes))
                .Append(new LaneLimit(Limits.PeerChainItems, Limits.PeerChainBytes)),
            static work => work.Bytes + Limits.MailboxItemBytes);
        _driver = new ChainDriver(parts, ports, time, log);
        _ports = ports;
        _time = time;
        _thread = new Thread(Run) { Name = "chain", IsBackground = true };
    }

    /// <summary>Transactions waiting, for status and metrics. Any thread.</summary>
    public int PoolCount => _poolCount;

    public void Start() => _thread.Start();

    /// <summary>
    /// Finishes what is under way and ends the thread. After it nothing here reads the ledger.
    /// </summary>
    public void Dispose()
    {
        _mailbox.Close();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        RefuseWaiting();
        _driver.FullCheck.Wait();
        _mailbox.Dispose();
    }

    public void Post(ChainWork work) => _mailbox.Post(work);

    /// <summary>What a client asks; false when too much of that waits.</summary>
    public bool TryPost(ChainWork work) => _mailbox.TryPost(_clients, work);

    /// <summary>
    /// What a peer sent; lost when that peer's lane is full, as any message may be. Observers share one.
    /// </summary>
    public bool TryPost(int peer, ChainWork work) =>
        _mailbox.TryPost(peer < _clients ? peer : _clients + 1, work);

    private void Run()
    {
        try
        {
            long lookedAt = _time.GetTimestamp();
            while (!_mailbox.IsClosed)
            {
                TimeSpan wait = _driver.WaitFor() ?? RetryAfter;
                bool any = _mailbox.TryTake(wait < RetryAfter ? wait : RetryAfter, out ChainWork? work);
                if (any)
                {
                    _driver.Handle(work!);
                }

                // Also while messages keep coming: peers must not be able to talk a leader out of its turn.
                if (!any || wait == TimeSpan.Zero || _time.GetElapsedTime(lookedAt) > RetryAfter)
                {
                    _driver.Handle(new LookAgain());
                    lookedAt = _time.GetTimestamp();
                }

                _poolCount = _driver.PoolCount;
            }
        }
#pragma warning disable CA1031 // Whatever it is, a chain without its thread must not look alive.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _mailbox.Close();
            RefuseWaiting();
            _ports.Fatal(e);
        }
    }

    /// <summary>Nobody waits for ever for a thread that has ended.</summary>
    private void RefuseWaiting()
    {
        while (_mailbox.TryTake(TimeSpan.Zero, out ChainWork? work))
        {
            work.Cancel();
        }
    }
}
