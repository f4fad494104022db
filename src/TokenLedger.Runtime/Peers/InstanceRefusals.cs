// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using TokenLedger.Core.Consensus;
using TokenLedger.Runtime.Signing;

namespace TokenLedger.Runtime.Peers;

/// <summary>
/// Stops this process when peers keep refusing it because they hear another one of the same validator. It
/// takes more than f of them, since f may lie, and longer than a peer needs to notice that a process died.
/// Thread-safe.
/// </summary>
internal sealed class InstanceRefusals(
    ValidatorSet validators, Action<Exception> fatal, TimeProvider time, ILogger log)
{
    /// <summary>The reason that a peer gives.</summary>
    public const string Reason = "DUPLICATE_VALIDATOR";

    private readonly Lock _gate = new();
    private readonly long?[] _since = new long?[validators.Count];

    /// <summary>Twice the time after which a silent process counts as dead.</summary>
    public static TimeSpan Patience { get; } = 2 * NodeHealth.ReachableWithin;

    /// <summary>Tells how an attempt to open a stream to a peer ended.</summary>
    public void Tell(int peer, bool duplicate)
    {
        int refusing;
        lock (_gate)
        {
            if (duplicate && _since[peer] is null)
            {
                RuntimeLog.Fenced(log, validators[peer].Name);
            }

            _since[peer] = duplicate ? _since[peer] ?? time.GetTimestamp() : null;
            refusing = _since.Count(since => since is { } at && time.GetElapsedTime(at) >= Patience);
        }

        if (refusing > validators.Count - validators.Quorum)
        {
            fatal(new DuplicateValidatorException(
                $"{refusing} validators hear another process of this validator and refuse this one. One key"
                    + " signs in one process: find the other, and start only the one that shall go on."));
        }
    }
}
