// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Bridge;

/// <summary>
/// Keeps what an idle lane asks of the chain abroad within a number of calls for each of its blocks, whatever
/// the number of endpoints and however many blocks become final at once: what a look has cost is rested off
/// before the next one. One caller at a time.
/// </summary>
internal sealed class IdlePace(TimeProvider time)
{
    /// <summary>Of all endpoints together, one by one also in a batch.</summary>
    public const int CallsPerBlock = 2;

    /// <summary>A lane with so many tokens that its looks cost more than this takes asks more often than it
    /// should, rather than to miss for long what happens abroad.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(10);

    /// <summary>The time of a block is measured over so many at least, and at most twice as many: by this
    /// clock, as those of blocks are anybody's to tell.</summary>
    private const ulong Window = 512;

    private (ulong Number, DateTimeOffset Seen)? _from;
    private (ulong Number, DateTimeOffset Seen) _middle;
    private TimeSpan _blockTime;
    private DateTimeOffset _until;

    /// <summary>True while nothing needs to be asked, unless something is under way.</summary>
    public bool Rests
    {
        get
        {
            // A clock that was set back keeps nobody resting.
            DateTimeOffset now = time.GetUtcNow();
            return now < _until && _until - now <= LongestRest;
        }
    }

    /// <summary>A look ended at a final block of a number, and took so many calls.</summary>
    public void Looked(ulong final, long calls)
    {
        DateTimeOffset now = time.GetUtcNow();
        Measure(final, now);
        TimeSpan rest = _blockTime * calls / CallsPerBlock;
        _until = now + (rest < LongestRest ? rest : LongestRest);
    }

    /// <summary>The next look asks at once.</summary>
    public void Wake() => _until = default;

    private void Measure(ulong number, DateTimeOffset now)
    {
        if (_from is not { } from || number < from.Number || now < from.Seen)
        {
            (_from, _middle, _blockTime) = ((number, now), (number, now), TimeSpan.Zero);
            return;
        }

        if (number > from.Number)
        {
            _blockTime = (now - from.Seen) / (number - from.Number);
        }

        if (number - _middle.Number >= Window)
        {
            (_from, _middle) = (_middle, (number, now));
        }
    }
}
