// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Protocol.Sync.V1;

namespace TokenLedger.Runtime.Signing;

/// <summary>
/// Finds from peers' answers the first view in which a key may sign again whose guard is lost. Pure.
/// </summary>
/// <remarks>
/// Why that is safe, with n validators, f of them faulty in any way, and X the one that asks:
/// <list type="number">
/// <item>X votes in view v &gt; 1 only after a certificate of view v − 1 or later. Quorums are n − f, so that
/// n − f − 1 validators besides X voted in a view w ≥ v − 1 before X did in v.</item>
/// <item>X waits for the answers of n − f others, or of all n − 1 if these are fewer. Of the n − 1 others,
/// these and those share at least n − 2f ≥ f + 1, hence an honest one, or, with f = 0, at least one.</item>
/// <item>That one is, and stays across its restarts, in a view u ≥ w, and sends the certificate that let it
/// in. So v ≤ w + 1 ≤ (the highest view answered) + 1.</item>
/// <item>X signs from the view after that on. It needs no peer to have received its vote.</item>
/// </list>
/// A liar can raise nothing, for every figure comes with a certificate or with X's own signature, and can
/// lower nothing, for the highest counts. What it can do is not to answer; then X stays in quarantine. A peer
/// that is in quarantine itself, or is not yet as far as its own guard, does not answer. Votes by this key
/// that a peer saw, and the own final view and two more, count too: they hold even if more than f lied.
/// </remarks>
internal sealed class Readmission(
    ValidatorSet validators, int own, Hash256 genesisHash, ISignatureScheme scheme)
{
    /// <summary>Views from the highest one that a peer is in to the first one signed.</summary>
    private const ulong BehindPeer = 2;

    /// <summary>Views from the last final one known here to the first one signed.</summary>
    private const ulong BehindFinal = 2;

    private readonly ulong?[] _answers = new ulong?[validators.Count];

    /// <summary>Answers of different validators that are needed.</summary>
    public int Needed => Math.Min(validators.Quorum, validators.Count - 1);

    /// <summary>Answers so far.</summary>
    public int Heard => _answers.Count(answer => answer is not null);

    /// <summary>Takes what a validator answered. A later answer of the same one replaces its first.</summary>
    /// <returns>False when it says nothing, or something that does not hold.</returns>
    public bool TryTake(int peer, GetHighestVoteResponse answer)
    {
        if (!answer.Certain || peer == own || !IsProved(answer))
        {
            return false;
        }

        ulong first = answer.View + BehindPeer;

        if (!answer.Vote.IsEmpty)
        {
            var reader = new CanonicalReader(answer.Vote.Span);
            Vote seen = Vote.Read(ref reader);
            reader.End();
            bool mine = seen.Signer == own && seen.Verify(validators, genesisHash, scheme);
            first = mine ? Math.Max(first, seen.Subject.View.Next.Value) : first;
        }

        _answers[peer] = first;
        return true;
    }

    /// <summary>True when a certificate of the view before shows that somebody may be in that view.</summary>
    private bool IsProved(GetHighestVoteResponse answer)
    {
        if (answer.Certificate.IsEmpty)
        {
            return answer.View == 1;
        }

        var reader = new CanonicalReader(answer.Certificate.Span);
        Certificate entry = Certificate.Read(ref reader);
        reader.End();

        // Nothing is computed from a view that nobody has signed for: a liar's may be the highest number.
        return answer.View > 1
            && entry.Subject.View == new View(answer.View).Previous
            && entry.Verify(validators, genesisHash, scheme);
    }

    /// <summary>The first view that may be signed; null while too few answered.</summary>
    /// <param name="final">The last final view known here.</param>
    public View? First(View final) => Heard < Needed || Needed == 0
        ? null
        : new View(Math.Max(final.Value + BehindFinal, _answers.Max() ?? 0));

    /// <summary>The answer of a validator to another one.</summary>
    public static GetHighestVoteResponse Answer(PeerSight sight)
    {
        if (!sight.Certain)
        {
            return new GetHighestVoteResponse();
        }

        var answer = new GetHighestVoteResponse { Certain = true, View = sight.View.Value };
        if (sight.Entry is { } entry)
        {
            var writer = new CanonicalWriter();
            entry.Write(writer);
            answer.Certificate = Google.Protobuf.ByteString.CopyFrom(writer.Written);
        }

        if (sight.Seen is { } seen)
        {
            var writer = new CanonicalWriter();
            seen.Write(writer);
            answer.Vote = Google.Protobuf.ByteString.CopyFrom(writer.Written);
        }

        return answer;
    }
}
