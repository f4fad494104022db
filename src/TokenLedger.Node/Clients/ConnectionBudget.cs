// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace TokenLedger.Node.Clients;

/// <summary>
/// How many connections one listener has, in all and from one address. Each listener has a budget of its own,
/// so that clients cannot use up what validators need. What is over it is closed before anything is read.
/// Thread-safe.
/// </summary>
internal sealed class ConnectionBudget(int total, int perAddress)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ClientAddress, int> _open = [];
    private int _count;

    /// <summary>Counts every connection of a listener.</summary>
    public ConnectionDelegate Guard(ConnectionDelegate next) => async connection =>
    {
        var address = ClientAddress.Of((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (!TryOpen(address))
        {
            connection.Abort();
            return;
        }

        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Close(address);
        }
    };

    /// <summary>Takes a place for a connection.</summary>
    public bool TryOpen(ClientAddress address)
    {
        lock (_gate)
        {
            int open = _open.GetValueOrDefault(address);
            if (_count >= total || open >= perAddress)
            {
                return false;
            }

            _open[address] = open + 1;
            _count++;
            return true;
        }
    }

    /// <summary>Gives a connection's place back.</summary>
    public void Close(ClientAddress address)
    {
        lock (_gate)
        {
            _count--;
            if (--_open[address] == 0)
            {
                _open.Remove(address);
            }
        }
    }
}
