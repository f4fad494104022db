// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging.Abstractions;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Runtime;
using TokenLedger.Runtime.Chain;
using TokenLedger.Runtime.Consensus;
using TokenLedger.Storage;

namespace TokenLedger.Simulation;

/// <summary>
/// One process of a validator, from its start to its end: the production drivers behind the production
/// mailboxes, with virtual time in the place of their two threads.
/// </summary>
internal sealed class NodeLife : IDisposable
{
    private const int BatchInputs = 128;
    private const ulong LookAgainMs = 250;
    private const ulong StatusMs = 1_000;

    private readonly SimCluster _cluster;
    private readonly SimNode _node;
    private readonly ValidatorParts _parts;
    private readonly NodePorts _ports;
    private readonly Mailbox<ConsensusInput> _inputs;
    private readonly Mailbox<ChainWork> _work;
    private readonly Dictionary<ChainWork, Action> _afterwards = new(ReferenceEqualityComparer.Instance);
    private readonly List<ConsensusInput> _batch = [];
    private ulong _consensusFree;
    private ulong _chainFree;
    private ulong _consensusWake = ulong.MaxValue;
    private ulong _chainWake = ulong.MaxValue;
    private ulong _lookedAt;

    public NodeLife(SimCluster cluster, SimNode node, ulong number)
    {
        _cluster = cluster;
        _node = node;
        Number = number;
        _parts = ValidatorParts.Open(cluster.RuntimeOptions(node), cluster.Metrics, node.Snapshots);
        int peers = _parts.Chain.Validators.Count;
        _inputs = new Mailbox<ConsensusInput>(8_192, Enumerable.Repeat(
            new LaneLimit(Limits.PeerConsensusItems, long.MaxValue), peers));
        _work = new Mailbox<ChainWork>(
            65_536,
            Enumerable.Repeat(new LaneLimit(Limits.PeerChainItems, Limits.PeerChainBytes), peers)
                .Append(new LaneLimit(Limits.ClientChainItems, Limits.ClientChainBytes)),
            static work => work.Bytes + Limits.MailboxItemBytes);
        _ports = new NodePorts(cluster, node, this);
        Chain = new ChainDriver(_parts.Chain, _ports, node.Clock, NullLogger.Instance);
        Consensus = new ConsensusDriver(
            _parts.Consensus, _ports, node.Clock, new DriverLog(cluster, node));
    }

    public ulong Number { get; }

    public ChainDriver Chain { get; }

    public ConsensusDriver Consensus { get; }

    public ChainParts Parts => _parts.Chain;

    public ConsensusConfig Config => _parts.Consensus.Config;

    public LedgerStore Ledger => _parts.Chain.Ledger;

    public ConsensusLog Record => _parts.Record;

    public NodePorts Ports => _ports;

    public bool IsOver { get; private set; }

    /// <summary>How long the disk held up the turn that runs: what it says leaves so much later.</summary>
    public ulong HeldMs => _node.Ledger.TakenMs + _node.Record.TakenMs;

    public int Waiting => _inputs.Count + _work.Count;

    public void Start()
    {
        Guard(() =>
        {
            Consensus.Start();
            _cluster.Checker.Consensus.Started(_node, this);
        });
        _lookedAt = _cluster.Time.NowMs;
        WakeConsensus(0);
        WakeChain(0);
        _cluster.Time.After(StatusMs, StatusTick);
    }

    public void Post(ConsensusInput input)
    {
        _inputs.Post(input);
        WakeConsensus(0);
    }

    public bool TryPost(int peer, ConsensusInput input)
    {
        bool posted = _inputs.TryPost(peer, input);
        WakeConsensus(0);
        return posted;
    }

    public void Post(ChainWork work, Action? afterwards = null)
    {
        if (afterwards is not null)
        {
            _afterwards.Add(work, afterwards);
        }

        _work.Post(work);
        WakeChain(0);
    }

    public void TryPost(int peer, ChainWork work)
    {
        _work.TryPost(peer, work);
        WakeChain(0);
    }

    /// <summary>A client's work: it has a lane of its own behind those of the peers.</summary>
    public bool TryPostFromClient(ChainWork work, Action afterwards)
    {
        if (!_work.TryPost(Parts.Validators.Count, work))
        {
            return false;
        }

        _afterwards.Add(work, afterwards);
        WakeChain(0);
        return true;
    }

    /// <summary>Runs a piece of this process; what stops a process stops this one.</summary>
    public void Guard(Action action)
    {
        if (IsOver)
        {
            return;
        }

        try
        {
            action();
        }
        catch (PowerLossException)
        {
            _node.PowerLost();
        }
        catch (StorageFault fault)
        {
            _node.Stopped(fault);
        }
        catch (Exception e) when (e is not ViolationException && _node.Adversary is not null)
        {
            // Its lies came back to its own machine: no rule says that it must live through that.
            _node.PowerLost();
        }
        catch (Exception e) when (e is not ViolationException)
        {
            throw new ViolationException("no node stops itself", $"node {_node.Index}: {e}");
        }
        finally
        {
            _node.Ledger.TakenMs = 0;
            _node.Record.TakenMs = 0;
        }
    }

    public void Dispose()
    {
        IsOver = true;
        _parts.Dispose();
        _inputs.Dispose();
        _work.Dispose();
    }

    /// <summary>
    /// Has the consensus driver run after a while, if it would not run sooner. An event that finds that
    /// another one ran in its place does nothing.
    /// </summary>
    private void WakeConsensus(ulong afterMs)
    {
        ulong at = Math.Max(_cluster.Time.NowMs + afterMs, Math.Max(_consensusFree, _node.PausedUntil));
        if (at >= _consensusWake)
        {
            return;
        }

        _consensusWake = at;
        _cluster.Time.At(at, () =>
        {
            if (_consensusWake == at && !IsOver)
            {
                RunConsensus();
            }
        });
    }

    private void WakeChain(ulong afterMs)
    {
        ulong at = Math.Max(_cluster.Time.NowMs + afterMs, Math.Max(_chainFree, _node.PausedUntil));
        if (at >= _chainWake)
        {
            return;
        }

        _chainWake = at;
        _cluster.Time.At(at, () =>
        {
            if (_chainWake == at && !IsOver)
            {
                RunChain();
            }
        });
    }

    private void RunConsensus()
    {
        _consensusWake = ulong.MaxValue;
        if (_node.PausedUntil <= _cluster.Time.NowMs)
        {
            Guard(() =>
            {
                _batch.Clear();
                while (_batch.Count < BatchInputs
                    && _inputs.TryTake(TimeSpan.Zero, out ConsensusInput? input))
                {
                    _batch.Add(input);
                }

                Consensus.Turn(_batch);
                _cluster.Checker.Consensus.Turned(_node, this, _batch);
                _consensusFree = _cluster.Time.NowMs + HeldMs;
            });
        }

        if (!IsOver)
        {
            WakeConsensus(_inputs.Count > 0 ? 0 : Math.Max(1, (ulong)Consensus.WaitFor().TotalMilliseconds));
        }
    }

    private void RunChain()
    {
        _chainWake = ulong.MaxValue;
        if (_node.PausedUntil <= _cluster.Time.NowMs)
        {
            Guard(() =>
            {
                bool any = _work.TryTake(TimeSpan.Zero, out ChainWork? work);
                if (any)
                {
                    Handle(work!);
                }

                ulong sinceLook = _cluster.Time.NowMs - _lookedAt;
                if (!any || Chain.WaitFor() == TimeSpan.Zero || sinceLook >= LookAgainMs)
                {
                    Handle(new LookAgain());
                    _lookedAt = _cluster.Time.NowMs;
                }

                _chainFree = _cluster.Time.NowMs + HeldMs;
                _cluster.Checker.Stepped(_node, this);
            });
        }

        if (!IsOver)
        {
            ulong wait = (ulong)(Chain.WaitFor()?.TotalMilliseconds ?? LookAgainMs);
            WakeChain(_work.Count > 0 ? 0 : Math.Clamp(wait, 1, LookAgainMs));
        }
    }

    private void Handle(ChainWork work)
    {
        Chain.Handle(work);
        // The full count has a thread of its own in production; here nothing goes on before it is done.
        Chain.FullCheck.Wait();
        if (_afterwards.Remove(work, out Action? afterwards))
        {
            afterwards();
        }
    }

    private void StatusTick()
    {
        if (IsOver)
        {
            return;
        }

        if (_node.PausedUntil <= _cluster.Time.NowMs)
        {
            Guard(_ports.TellStatus);
        }

        _cluster.Time.After(StatusMs, StatusTick);
    }
}
