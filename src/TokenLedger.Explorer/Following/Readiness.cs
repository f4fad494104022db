// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Following;

/// <summary>Whether pages should be served from this index. Pure.</summary>
/// <param name="IsReady">Whether they should.</param>
/// <param name="Sentence">Why not, or "ready".</param>
internal readonly record struct Readiness(bool IsReady, string Sentence)
{
    /// <summary>Blocks behind the node from which on others should be asked.</summary>
    public const ulong FarBehindBlocks = 20;

    /// <summary>How long no node may have spoken: three heartbeats, so that a node's restart takes no page
    /// away, and other processes are asked soon after.</summary>
    public static readonly TimeSpan LongSilence = TimeSpan.FromSeconds(15);

    /// <summary>What a status means.</summary>
    public static Readiness Of(FollowerStatus status, DateTimeOffset now)
    {
        if (status.IndexFailure is { } lost)
        {
            return new(false, $"The index cannot be reached. {lost}");
        }

        if (status.Unverified)
        {
            return new(false, $"The node's blocks could not be verified. {status.LastFailure?.Sentence}");
        }

        if (status.Cursor is null)
        {
            return new(false, $"Nothing is indexed yet. {status.LastFailure?.Sentence}".TrimEnd());
        }

        if (status.Heard is not { } heard || now - heard > LongSilence)
        {
            return new(false, $"No node speaks. {status.LastFailure?.Sentence}".TrimEnd());
        }

        return status.Lag > FarBehindBlocks
            ? new(false, $"The index is {status.Lag} blocks behind its node.")
            : new(true, "ready");
    }
}
