// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using TokenLedger.Core;

namespace TokenLedger.Node.Clients;

/// <summary>
/// The connections of the peers' port. Whoever has shown no known key yet shares a few places with all others
/// of whom that is true; each known key has a few of its own. Where there are too many the oldest gives way:
/// an honest handshake needs a place for milliseconds, so sockets that say nothing keep nobody out, and what
/// a peer left behind when its line broke does not keep it out itself. Thread-safe.
/// </summary>
/// <param name="identify">A certificate's validator or observer; negative for nobody known.</param>
internal sealed class PeerGate(Func<X509Certificate2?, int> identify)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<ConnectionContext> _strangers = new();
    private readonly Dictionary<int, LinkedList<ConnectionContext>> _known = [];

    /// <summary>Before TLS: a stranger.</summary>
    public ConnectionDelegate Admit(ConnectionDelegate next) =>
        connection => StayAsync(connection, _strangers, Limits.PeerHandshakes, next);

    /// <summary>After TLS: one of ours, and no stranger any more.</summary>
    public ConnectionDelegate Recognize(ConnectionDelegate next) => connection =>
    {
        int peer = identify(connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate);
        LinkedList<ConnectionContext>? own = null;
        lock (_gate)
        {
            _strangers.Remove(connection);
            if (peer >= 0 && !_known.TryGetValue(peer, out own))
            {
                own = _known[peer] = new LinkedList<ConnectionContext>();
            }
        }

        if (own is not null)
        {
            return StayAsync(connection, own, Limits.ConnectionsPerPeer, next);
        }

        connection.Abort();
        return Task.CompletedTask;
    };

    private async Task StayAsync(
        ConnectionContext connection, LinkedList<ConnectionContext> places, int limit,
        ConnectionDelegate next)
    {
        ConnectionContext? oldest = null;
        lock (_gate)
        {
            places.AddLast(connection);
            if (places.Count > limit)
            {
                oldest = places.First!.Value;
                places.RemoveFirst();
            }
        }

        oldest?.Abort(new ConnectionAbortedException("A newer connection needs the place."));
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                places.Remove(connection);
            }
        }
    }
}
