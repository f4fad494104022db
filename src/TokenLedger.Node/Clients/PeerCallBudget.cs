// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Core;
using TokenLedger.Protocol;
using TokenLedger.Runtime.Peers;

namespace TokenLedger.Node.Clients;

/// <summary>
/// How many calls each validator and observer has open here, over all its connections: who opens many and
/// reads no answer must not fill the memory. Thread-safe.
/// </summary>
internal sealed class PeerCallBudget(IPeerIdentity identity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, int> _open = [];

    /// <summary>Runs around every call of a peer.</summary>
    public async Task RunAsync(ServerCallContext context, Func<Task> next)
    {
        int peer = identity.IndexOf(context);
        if (!TryOpen(peer))
        {
            throw ErrorModel.Failure(
                StatusCode.ResourceExhausted, ErrorModel.QuotaExceeded,
                $"You have {Limits.PeerOpenCalls} calls open here.", retryAfter: TimeSpan.FromSeconds(1));
        }

        try
        {
            await next().ConfigureAwait(false);
        }
        finally
        {
            Close(peer);
        }
    }

    /// <summary>Takes a place for a call of one peer.</summary>
    public bool TryOpen(int peer)
    {
        lock (_gate)
        {
            int open = _open.GetValueOrDefault(peer);
            if (open == Limits.PeerOpenCalls)
            {
                return false;
            }

            _open[peer] = open + 1;
            return true;
        }
    }

    /// <summary>Gives a call's place back.</summary>
    public void Close(int peer)
    {
        lock (_gate)
        {
            _open[peer]--;
        }
    }
}
