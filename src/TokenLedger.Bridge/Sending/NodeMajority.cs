// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Evm;

namespace TokenLedger.Bridge.Sending;

/// <summary>
/// Asks all nodes for a number that honest ones may tell a little differently, as they are some blocks
/// apart. More than half must answer; of what they say, none is taken that only a minority can have made up.
/// Once more than half say the same, nobody else is waited for. Thread-safe.
/// </summary>
/// <param name="clients">Nodes, of different operators.</param>
internal sealed class NodeMajority(IReadOnlyList<EvmClient> clients)
{
    /// <summary>More than half.</summary>
    public int Needed => (clients.Count / 2) + 1;

    /// <summary>What more than half say is reached, and what more than half say is not passed. The two are
    /// one when most agree. With an odd number of nodes that all answer they are the middle one.</summary>
    /// <exception cref="NodesUnsureException">Fewer answer.</exception>
    public async Task<(T Least, T Most)> RangeAsync<T>(
        string what, Func<EvmClient, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
        where T : struct, IComparable<T>
    {
        T[] told = await AskAsync(what, ask, cancellationToken).ConfigureAwait(false);
        return (told[^Needed], told[Needed - 1]);
    }

    /// <summary>The middle one of what is told; of two, the higher.</summary>
    /// <exception cref="NodesUnsureException">No more than half answer.</exception>
    public async Task<T> MiddleAsync<T>(
        string what, Func<EvmClient, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
        where T : struct, IComparable<T>
    {
        T[] told = await AskAsync(what, ask, cancellationToken).ConfigureAwait(false);
        return told[told.Length / 2];
    }

    /// <summary>Does the same at all nodes at once, until more than half have done it.</summary>
    /// <returns>How many did, and why the last one did not; null when none failed.</returns>
    public async Task<(int Done, EvmCallException? Failure)> DoAsync(
        Func<EvmClient, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        int done = 0;
        EvmCallException? failure = null;
        await foreach ((bool _, EvmCallException? error) in EachAsync(
            async (client, cancel) =>
            {
                await act(client, cancel).ConfigureAwait(false);
                return true;
            },
            () => done >= Needed, cancellationToken).ConfigureAwait(false))
        {
            done += error is null ? 1 : 0;
            failure = error ?? failure;
        }

        return (done, failure);
    }

    /// <summary>What is told, ascending: by more than half, or by so many who say the same.</summary>
    private async Task<T[]> AskAsync<T>(
        string what, Func<EvmClient, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
        where T : struct, IComparable<T>
    {
        var told = new List<T>();
        var failures = new List<EvmCallException>();
        bool agreed = false;
        await foreach ((T value, EvmCallException? error) in EachAsync(ask, () => agreed, cancellationToken)
            .ConfigureAwait(false))
        {
            if (error is not null)
            {
                failures.Add(error);
                continue;
            }

            told.Add(value);
            T[] same = [.. told.Where(other => other.CompareTo(value) == 0)];
            if (same.Length >= Needed)
            {
                agreed = true;
                told = [.. same];
            }
        }

        return told.Count >= Needed
            ? [.. told.Order()]
            : throw new NodesUnsureException(
                $"{told.Count} of {clients.Count} endpoints tell {what}; {Needed} must."
                    + string.Concat(failures.Select(static one => $" [{one.Message}]")),
                [.. failures.OfType<EvmRpcException>()]);
    }

    /// <summary>Each node's answer or failure, as they come, until it is enough.</summary>
    private async IAsyncEnumerable<(T Value, EvmCallException? Error)> EachAsync<T>(
        Func<EvmClient, CancellationToken, Task<T>> ask, Func<bool> isEnough,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task<(T, EvmCallException?)>> open = [.. clients.Select(client => TryAsync(client))];
        while (open.Count > 0 && !isEnough())
        {
            Task<(T, EvmCallException?)> next = await Task.WhenAny(open).ConfigureAwait(false);
            open.Remove(next);
            yield return await next.ConfigureAwait(false);
        }

        await done.CancelAsync().ConfigureAwait(false);

        async Task<(T, EvmCallException?)> TryAsync(EvmClient client)
        {
            try
            {
                return (await ask(client, done.Token).ConfigureAwait(false), null);
            }
            catch (EvmCallException e)
            {
                return (default!, e);
            }
        }
    }
}

/// <summary>No more than half of the nodes tell something.</summary>
internal sealed class NodesUnsureException(string message, ImmutableArray<EvmRpcException> refusals)
    : Exception(message)
{
    /// <summary>Of those who tell nothing, those that answered with a refusal.</summary>
    public ImmutableArray<EvmRpcException> Refusals => refusals;
}
