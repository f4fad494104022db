// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Node.Clients.Access;

namespace TokenLedger.Node.Clients;

/// <summary>
/// How often one caller may call, and how many of its calls are open. A caller that was quiet may call as
/// much at once as it may in a second. A principal has an account of its own, whatever addresses it calls
/// from. The book of the others is bounded: who finds it full shares one account with all others that do.
/// Thread-safe.
/// </summary>
/// <param name="open">Open calls of all callers.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestQuota(int open, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ClientAddress, Client> _clients = [];
    private readonly Dictionary<string, Client> _principals = new(StringComparer.Ordinal);
    private readonly Client _others = new();
    private int _open;

    /// <summary>One caller's account.</summary>
    internal sealed class Client
    {
        /// <summary>Cost that it may cause in a second.</summary>
        public int PerSecond { get; set; }

        /// <summary>What it may still cause now.</summary>
        public double Credit { get; set; }

        /// <summary>When the credit was counted last.</summary>
        public long At { get; set; }

        public int Open { get; set; }

        /// <summary>
        /// What its streams may still read now, counted in calls. Apart from the credit, so that a stream
        /// that reads as much as it may leaves its caller the other calls. Below 0 after a large block.
        /// </summary>
        public double Reading { get; set; }

        /// <summary>Streams of it that read old blocks.</summary>
        public int Replays { get; set; }

        /// <summary>Refusals that it is still told at once; refilled as the credit is.</summary>
        public double Patience { get; set; }
    }

    /// <summary>Begins a call.</summary>
    /// <param name="caller">Who calls, and what it may.</param>
    /// <param name="cost">What the call costs; a plain one costs 1.</param>
    /// <param name="client">What <see cref="End"/> wants back when the call is let in.</param>
    /// <returns>Null, or how long to wait before the call is worth repeating.</returns>
    public TimeSpan? Begin(in Caller caller, int cost, out Client? client)
    {
        lock (_gate)
        {
            client = null;
            Client found = Find(caller);
            found.PerSecond = caller.CallsPerSecond;
            Refill(found);
            if (_open >= open || found.Open >= caller.OpenCalls)
            {
                return TimeSpan.FromSeconds(1);
            }

            if (found.Credit < cost)
            {
                return TimeSpan.FromSeconds((cost - found.Credit) / found.PerSecond);
            }

            found.Credit -= cost;
            found.Open++;
            _open++;
            client = found;
            return null;
        }
    }

    /// <summary>Ends a call that was let in.</summary>
    public void End(Client client)
    {
        lock (_gate)
        {
            client.Open--;
            _open--;
        }
    }

    /// <summary>Counts rows that a stream has read.</summary>
    /// <returns>How long its caller's streams wait before they read more.</returns>
    public TimeSpan ChargeReading(Client client, int rows)
    {
        lock (_gate)
        {
            Refill(client);
            client.Reading -= rows / (double)Limits.StreamRowsPerCall;
            return client.Reading < 0
                ? TimeSpan.FromSeconds(-client.Reading / client.PerSecond)
                : TimeSpan.Zero;
        }
    }

    /// <summary>Takes one of a caller's places for streams that read old blocks.</summary>
    /// <returns>False when all are taken.</returns>
    public bool TryBeginReplay(Client client)
    {
        lock (_gate)
        {
            if (client.Replays >= Limits.ReplaysPerClient)
            {
                return false;
            }

            client.Replays++;
            return true;
        }
    }

    /// <summary>Gives such a place back.</summary>
    public void EndReplay(Client client)
    {
        lock (_gate)
        {
            client.Replays--;
        }
    }

    /// <summary>
    /// Whether a refused caller is told so at once: as often as it may call. Who goes on is told late.
    /// </summary>
    public bool RefuseAtOnce(in Caller caller)
    {
        lock (_gate)
        {
            Client found = Find(caller);
            Refill(found);
            if (found.Patience < 1)
            {
                return false;
            }

            found.Patience--;
            return true;
        }
    }

    private Client Find(in Caller caller)
    {
        if (caller.Principal is { } name)
        {
            return _principals.TryGetValue(name, out Client? principal)
                ? principal
                : _principals[name] = New(caller);
        }

        if (_clients.TryGetValue(caller.Address, out Client? known))
        {
            return known;
        }

        if (_clients.Count >= Limits.ApiClients)
        {
            ForgetQuiet();
        }

        if (_clients.Count >= Limits.ApiClients)
        {
            if (_others.PerSecond == 0)
            {
                _others.Credit = _others.Patience = _others.Reading = caller.CallsPerSecond;
            }

            return _others;
        }

        Client client = New(caller);
        _clients.Add(caller.Address, client);
        return client;
    }

    private Client New(in Caller caller) =>
        new()
        {
            Credit = caller.CallsPerSecond,
            Patience = caller.CallsPerSecond,
            Reading = caller.CallsPerSecond,
            At = time.GetTimestamp(),
        };

    /// <summary>Forgets whoever has all its credit again: a new entry would say the same.</summary>
    private void ForgetQuiet()
    {
        foreach ((ClientAddress address, Client client) in _clients)
        {
            Refill(client);
            if (client.Open == 0 && client.Credit >= client.PerSecond && client.Reading >= client.PerSecond)
            {
                _clients.Remove(address);
            }
        }
    }

    private void Refill(Client client)
    {
        long now = time.GetTimestamp();
        double gained = time.GetElapsedTime(client.At, now).TotalSeconds * client.PerSecond;
        client.Credit = Math.Min(client.PerSecond, client.Credit + gained);
        client.Patience = Math.Min(client.PerSecond, client.Patience + gained);
        client.Reading = Math.Min(client.PerSecond, client.Reading + gained);
        client.At = now;
    }
}
