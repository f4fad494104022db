// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Crypto.Keystores;

/// <summary>
/// What one guess at a keystore's password costs (RFC 7914): 128 × <see cref="N"/> × <see cref="R"/> bytes of
/// memory, and that much work <see cref="P"/> times.
/// </summary>
public sealed record ScryptCost
{
    // n × r: 512 MiB of memory, twice the standard.
    private const long MaxMemoryBlocks = 1 << 22;

    // n × r × p: twice the standard's work, about two seconds.
    private const long MaxWork = 1 << 22;

    private const int MaxBlockSize = 64;
    private const int MaxParallel = 64;

    /// <summary>Takes the three parameters.</summary>
    /// <param name="n">Rounds: a power of two, at least 2.</param>
    /// <param name="r">Block size in units of 128 bytes, 1 to 64.</param>
    /// <param name="p">Repetitions, 1 to 64.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are no parameters of scrypt, or cost too
    /// much.</exception>
    public ScryptCost(int n, int r, int p)
    {
        if (!IsAffordable(n, r, p))
        {
            throw new ArgumentOutOfRangeException(
                nameof(n), $"n {n}, r {r}, p {p} are not scrypt's, or cost too much.");
        }

        (N, R, P) = (n, r, p);
    }

    /// <summary>
    /// For keys that guard something: n = 2^18, r = 8, p = 1; 256 MiB and about a second.
    /// </summary>
    public static ScryptCost Standard { get; } = new(1 << 18, 8, 1);

    /// <summary>For development networks and tests only: n = 2^10; 1 MiB and some milliseconds.</summary>
    public static ScryptCost Development { get; } = new(1 << 10, 8, 1);

    /// <summary>Rounds.</summary>
    public int N { get; }

    /// <summary>Block size.</summary>
    public int R { get; }

    /// <summary>Repetitions.</summary>
    public int P { get; }

    /// <summary>
    /// True when the parameters are scrypt's, and neither memory nor time is more than twice the standard.
    /// </summary>
    public static bool IsAffordable(long n, long r, long p) =>
        n is >= 2 and <= MaxMemoryBlocks && long.IsPow2(n)
        && r is >= 1 and <= MaxBlockSize
        && p is >= 1 and <= MaxParallel
        && n * r <= MaxMemoryBlocks
        && n * r * p <= MaxWork;
}
