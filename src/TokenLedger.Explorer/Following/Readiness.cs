// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Explorer.Following;

/// <summary>Whether pages should be served from this index. Pure.</summary>
/// <param name="IsReady">Whether they should.</param>
/// <param name="Sentence">Why not, or "ready".</param>
internal readonly record struct Readiness(bool IsReady, string Sentence)
{
    /// <summary>Blocks behind the node from which on others should be asked.</summary>
    public const ulong FarBehindBlocks = 20;

    /// <summary>How long the node may be silent before nobody knows how far behind the index is.</summary>
    public static readonly TimeSpan LongSilence = TimeSpan.FromSeconds(60);

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
            return new(false, $"The node is silent. {status.LastFailure?.Sentence}".TrimEnd());
        }

        return status.Lag > FarBehindBlocks
            ? new(false, $"The index is {status.Lag} blocks behind its node.")
            : new(true, "ready");
    }
}
