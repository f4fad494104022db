// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Node.Clients;

/// <summary>
/// How often one client may call, and how many of its calls are open. A client that was quiet may call as
/// much at once as it may in a second. The book of clients is bounded: who finds it full shares one entry
/// with all others that do. Thread-safe.
/// </summary>
/// <param name="perSecond">Cost that one client may cause in a second.</param>
/// <param name="openPerClient">Open calls of one client.</param>
/// <param name="open">Open calls of all clients.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestQuota(int perSecond, int openPerClient, int open, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ClientAddress, Client> _clients = [];
    private readonly Client _others = new() { Credit = perSecond };
    private int _open;

    /// <summary>One client's account.</summary>
    internal sealed class Client
    {
        /// <summary>What it may still cause now.</summary>
        public double Credit { get; set; }

        /// <summary>When the credit was counted last.</summary>
        public long At { get; set; }

        public int Open { get; set; }
    }

    /// <summary>Begins a call.</summary>
    /// <param name="address">Who calls.</param>
    /// <param name="cost">What the call costs; a plain one costs 1.</param>
    /// <param name="client">What <see cref="End"/> wants back when the call is let in.</param>
    /// <returns>Null, or how long to wait before the call is worth repeating.</returns>
    public TimeSpan? Begin(ClientAddress address, int cost, out Client? client)
    {
        lock (_gate)
        {
            client = null;
            Client found = Find(address);
            Refill(found);
            if (_open >= open || found.Open >= openPerClient)
            {
                return TimeSpan.FromSeconds(1);
            }

            if (found.Credit < cost)
            {
                return TimeSpan.FromSeconds((cost - found.Credit) / perSecond);
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

    private Client Find(ClientAddress address)
    {
        if (_clients.TryGetValue(address, out Client? known))
        {
            return known;
        }

        if (_clients.Count >= Limits.ApiClients)
        {
            ForgetQuiet();
        }

        if (_clients.Count >= Limits.ApiClients)
        {
            return _others;
        }

        var client = new Client { Credit = perSecond, At = time.GetTimestamp() };
        _clients.Add(address, client);
        return client;
    }

    /// <summary>Forgets whoever has all its credit again: a new entry would say the same.</summary>
    private void ForgetQuiet()
    {
        foreach ((ClientAddress address, Client client) in _clients)
        {
            Refill(client);
            if (client.Open == 0 && client.Credit >= perSecond)
            {
                _clients.Remove(address);
            }
        }
    }

    private void Refill(Client client)
    {
        long now = time.GetTimestamp();
        double gained = time.GetElapsedTime(client.At, now).TotalSeconds * perSecond;
        client.Credit = Math.Min(perSecond, client.Credit + gained);
        client.At = now;
    }
}
