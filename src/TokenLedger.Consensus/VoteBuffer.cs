// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus;

/// <summary>
/// The votes of one view: at most one of each kind from each validator, so its size is bounded whatever peers
/// send. Signatures are checked when a quorum or an accusation needs them, once each.
/// </summary>
internal sealed class VoteBuffer(int validators)
{
    private readonly Entry?[] _entries = new Entry?[3 * validators];
    private readonly bool[] _accused = new bool[validators];

    /// <summary>A vote and whether its signature was checked.</summary>
    internal sealed record Entry(Vote Vote, bool Checked);

    /// <summary>The vote of one kind by one validator.</summary>
    public Entry? Get(VoteKind kind, int signer) => _entries[IndexOf(kind, signer)];

    public void Set(Vote vote, bool isChecked) =>
        _entries[IndexOf(vote.Subject.Kind, vote.Signer)] = new Entry(vote, isChecked);

    public void Remove(VoteKind kind, int signer) => _entries[IndexOf(kind, signer)] = null;

    /// <summary>
    /// Remembers that evidence against a validator was given for this view; false when it was already.
    /// </summary>
    public bool Accuse(int signer)
    {
        bool first = !_accused[signer];
        _accused[signer] = true;
        return first;
    }

    public bool IsAccused(int signer) => _accused[signer];

    /// <summary>How many said exactly this.</summary>
    public int Count(in VoteSubject subject)
    {
        int count = 0;
        for (int signer = 0; signer < validators; signer++)
        {
            count += Get(subject.Kind, signer) is { } entry && entry.Vote.Subject == subject ? 1 : 0;
#if PLANTED
            count += Get(subject.Kind, signer)?.Vote.Subject == subject ? Repeats(subject.Kind, signer) : 0;
#endif
        }

        return count;
    }

    /// <summary>The votes that say exactly this, by signer.</summary>
    public IEnumerable<Entry> Of(VoteSubject subject)
    {
        for (int signer = 0; signer < validators; signer++)
        {
            if (Get(subject.Kind, signer) is { } entry && entry.Vote.Subject == subject)
            {
                yield return entry;
            }
        }
    }

#if PLANTED
    private readonly int[] _repeats = new int[3 * validators];

    public bool Repeat(Vote vote) => ++_repeats[IndexOf(vote.Subject.Kind, vote.Signer)] > 0;

    private int Repeats(VoteKind kind, int signer) => _repeats[IndexOf(kind, signer)];

#endif

    private int IndexOf(VoteKind kind, int signer) => (((int)kind - 1) * validators) + signer;
}
