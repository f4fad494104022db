// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Signing;

namespace TokenLedger.Runtime.Consensus;

/// <summary>The one thread that owns consensus, and the mailbox in front of it.</summary>
internal sealed class ConsensusWorker : IDisposable
{
    private const int OwnCapacity = 8_192;

    /// <summary>Inputs that share a sync: a full round of votes of the largest set, and some.</summary>
    private const int BatchInputs = 128;

    private readonly Mailbox<ConsensusInput> _mailbox;
    private readonly ConsensusDriver _driver;
    private readonly IConsensusPorts _ports;
    private readonly Thread _thread;

    public ConsensusWorker(ConsensusParts parts, IConsensusPorts ports, TimeProvider time, ILogger log)
    {
        _mailbox = new Mailbox<ConsensusInput>(OwnCapacity, Enumerable.Repeat(
            new LaneLimit(Limits.PeerConsensusItems, long.MaxValue), parts.Config.Validators.Count));
        _driver = new ConsensusDriver(parts, ports, time, log);
        _ports = ports;
        _thread = new Thread(Run) { Name = "consensus", IsBackground = true };
    }

    /// <summary>Where consensus stood after the last batch. Any thread.</summary>
    public ConsensusStatus Status => _driver.Status;

    public void Start() => _thread.Start();

    /// <summary>Finishes the batch under way and ends the thread.</summary>
    public void Dispose()
    {
        _mailbox.Close();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _mailbox.Dispose();
    }

    /// <summary>An answer to something that the machine asked for.</summary>
    public void Post(ConsensusInput input) => _mailbox.Post(input);

    /// <summary>
    /// Something that a peer sent; lost when that peer's lane is full, as any message may be.
    /// </summary>
    public bool TryPost(int peer, ConsensusInput input) => _mailbox.TryPost(peer, input);

    /// <summary>Certificates for a peer that is behind. Any thread.</summary>
    public ImmutableArray<Certificate> Answer(View from, View to, int limit) =>
        _driver.Answer(from, to, limit);

    /// <summary>What this node can say of how far a validator's key has signed. Any thread.</summary>
    public PeerSight SightOf(int validator) => _driver.SightOf(validator);

    /// <summary>Ends the guard's quarantine within a second. Any thread.</summary>
    public void Readmit(View first) => _driver.Readmit(first);

    private void Run()
    {
        try
        {
            var batch = new List<ConsensusInput>(BatchInputs);
            _driver.Start();
            while (!_mailbox.IsClosed)
            {
                batch.Clear();
                TimeSpan wait = _driver.WaitFor();
                while (batch.Count < BatchInputs && _mailbox.TryTake(wait, out ConsensusInput? input))
                {
                    batch.Add(input);
                    wait = TimeSpan.Zero;
                }

                _driver.Turn(batch);
            }
        }
#pragma warning disable CA1031 // Whatever it is: without its consensus thread it must not look alive.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _ports.Fatal(e);
        }
    }
}
