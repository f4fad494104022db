// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using Grpc.Core;

namespace TokenLedger.Node.Clients.Access;

/// <summary>
/// The streams that are open, so that none outlasts its caller's right to it: a key that is taken back, or
/// whose last day is over, ends them within seconds. Thread-safe.
/// </summary>
internal sealed class OpenStreams : IDisposable
{
    private readonly ConcurrentDictionary<ServerCallContext, Func<RpcException?>> _all = new();
    private readonly ITimer _timer;

    public OpenStreams(TimeProvider time)
    {
        _timer = time.CreateTimer(
            static all => ((OpenStreams)all!).Look(), this, PrincipalBook.LookEvery,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Has a call looked after until it is removed.</summary>
    /// <param name="context">The call.</param>
    /// <param name="whyNot">Why its caller may no longer make it; null while it may.</param>
    public void Add(ServerCallContext context, Func<RpcException?> whyNot) => _all[context] = whyNot;

    /// <summary>Forgets a call that has ended, or is none of these.</summary>
    public void Remove(ServerCallContext context) => _all.TryRemove(context, out _);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        foreach ((ServerCallContext context, Func<RpcException?> whyNot) in _all)
        {
            if (whyNot() is { } why)
            {
                context.End(why);
            }
        }

        _timer.Change(PrincipalBook.LookEvery, Timeout.InfiniteTimeSpan);
    }
}
