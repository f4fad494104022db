// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Collections.Immutable;

namespace TokenLedger.Evm;

/// <summary>
/// Several providers that are asked the same at once, of whom so many must answer the same. An outage makes
/// it answer nothing: the number that must agree never goes down. Thread-safe.
/// </summary>
public sealed class ProviderQuorum
{
    private readonly ImmutableArray<EvmClient> _clients;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _time;

    /// <summary>Asks these.</summary>
    /// <param name="clients">Providers, of different operators.</param>
    /// <param name="required">How many must agree: more than half, so that no two answers both count.</param>
    /// <param name="deadline">How long a read may take, with all calls that it makes.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">
    /// The number is not more than half, or more than there are; or two are one endpoint or have one name.
    /// </exception>
    public ProviderQuorum(IEnumerable<EvmClient> clients, int required, TimeSpan deadline, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(deadline, TimeSpan.Zero);
        _clients = [.. clients];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_clients.Length, EvmLimits.Providers);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(required, _clients.Length);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(2 * (long)required, _clients.Length);
        if (_clients.DistinctBy(static client => client.Provider.Endpoint).Count() != _clients.Length
            || _clients.DistinctBy(static client => client.Provider.Name).Count() != _clients.Length)
        {
            throw new ArgumentException("Two providers are one, or have one name.", nameof(clients));
        }

        (Required, _deadline, _time) = (required, deadline, time);
    }

    /// <summary>How many must agree.</summary>
    public int Required { get; }

    /// <summary>The providers.</summary>
    public IReadOnlyList<EvmClient> Clients => _clients;

    /// <summary>Reads the same from all; returns when enough agree, and does not wait for the rest.</summary>
    /// <typeparam name="T">
    /// What compares by content: arrays and immutable arrays of such do, and null is an answer too.
    /// </typeparam>
    /// <param name="what">What is read, for messages.</param>
    /// <param name="read">Reads it from one.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="EvmDisagreementException">
    /// There are different answers, and too few the same.
    /// </exception>
    /// <exception cref="EvmUnavailableException">Too few answered.</exception>
    /// <exception cref="EvmRpcException">Enough agree that the call reverts, and with what.</exception>
    public async Task<QuorumAnswer<T>> ReadAsync<T>(
        string what, Func<EvmClient, CancellationToken, Task<T>> read, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        using var late = new CancellationTokenSource(_deadline, _time);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        List<Task<Voice<T>>> open = [.. _clients.Select(client => TryAsync(client, read, done.Token))];
        var voices = new List<Voice<T>>();
        try
        {
            while (open.Count > 0)
            {
                Task<Voice<T>> next = await Task.WhenAny(open).ConfigureAwait(false);
                open.Remove(next);
                Voice<T> voice = await next.ConfigureAwait(false);
                voices.Add(voice);
                if (voice.Counts && voices.Count(other => Agree(voice, other)) >= Required)
                {
                    return Answer(voice, voices);
                }
            }
        }
        finally
        {
            await done.CancelAsync().ConfigureAwait(false);
        }

        cancel.ThrowIfCancellationRequested();
        throw Failure(what, voices);
    }

    private static QuorumAnswer<T> Answer<T>(Voice<T> voice, List<Voice<T>> voices) =>
        voice.Revert is { } revert
            ? throw revert
            : new QuorumAnswer<T>(voice.Value!, [.. voices.Select(static one => one.ToPublic())])
            {
                Dissent =
                [
                    .. voices.Where(other => other.Counts && !Agree(voice, other))
                        .Select(static one => one.ToPublic()),
                ],
            };

    private EvmQuorumException Failure<T>(string what, List<Voice<T>> voices)
    {
        ImmutableArray<QuorumVoice> said = [.. voices.Select(static one => one.ToPublic())];
        Voice<T>[] counting = [.. voices.Where(static voice => voice.Counts)];
        return counting.Any(voice => !Agree(voice, counting[0]))
            ? new EvmDisagreementException($"Providers disagree about {what}; {Required} must agree.", said)
            : new EvmUnavailableException(
                $"{counting.Length} of {_clients.Length} providers know {what}; {Required} must agree.",
                said);
    }

    private async Task<Voice<T>> TryAsync<T>(
        EvmClient client, Func<EvmClient, CancellationToken, Task<T>> read, CancellationToken cancel)
    {
        string name = client.Provider.Name;
        try
        {
            return new Voice<T>(name, await read(client, cancel).WaitAsync(cancel).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            return new Voice<T>(name, Error: $"no answer within {_deadline}");
        }
        catch (EvmRpcException e) when (e.IsRevert)
        {
            return new Voice<T>(name, Error: e.Message, Revert: e);
        }
        catch (Exception e) when (e is EvmCallException or EvmFormatException)
        {
            return new Voice<T>(name, Error: e.Message);
        }
    }

    private static bool Agree<T>(Voice<T> left, Voice<T> right) => (left.Revert, right.Revert) switch
    {
        ({ } one, { } other) => one.RevertData.AsSpan().SequenceEqual(other.RevertData.AsSpan()),
        (null, null) => left.Counts && right.Counts && Same(left.Value, right.Value),
        _ => false,
    };

    private static bool Same<T>(T left, T right) => (left, right) switch
    {
        (byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other),
        (ImmutableArray<byte> one, ImmutableArray<byte> other) => one.AsSpan().SequenceEqual(other.AsSpan()),
        _ => ((IEqualityComparer)StructuralComparisons.StructuralEqualityComparer).Equals(left, right),
    };

    private sealed record Voice<T>(
        string Name, T? Value = default, string? Error = null, EvmRpcException? Revert = null)
    {
        /// <summary>True for an answer; that a call reverts, and with what, is one.</summary>
        public bool Counts => Error is null || Revert is not null;

        public QuorumVoice ToPublic()
        {
            string text = Error ?? Value switch
            {
                null => "none",
                byte[] bytes => EvmHex.Data(bytes),
                IEnumerable items and not string =>
                    string.Join(", ", items.Cast<object>().Select(static one => $"{one}")),
                _ => Value.ToString() ?? string.Empty,
            };
            text = text.Length <= EvmLimits.MessageChars ? text : text[..EvmLimits.MessageChars] + "…";
            return new QuorumVoice(Name, text, Counts);
        }
    }
}
