// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Consensus;
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;
using TokenLedger.Storage;
using TokenLedger.Storage.Guards;

namespace TokenLedger.Runtime.Signing;

/// <summary>
/// The last thing between a vote and its signature. It releases positions in rising order only, and makes
/// that durable before the signature exists: whatever becomes of ledger and consensus record, whichever
/// backup they come back from, the key signs no second thing where it signed a first. It knows no rule of
/// consensus but that order.
/// </summary>
/// <remarks>
/// A guard that does not know how far its key signed (<see cref="Doubt"/>) releases nothing until <see
/// cref="Readmit"/>. One thread; the members that say so are for any.
/// </remarks>
internal sealed class SignerGuard
{
    private readonly IGuardFile _file;
    private volatile GuardState _state;

    private SignerGuard(IGuardFile file, GuardState state)
    {
        _file = file;
        _state = state;
    }

    /// <summary>Why nothing is released: quarantine. None when it releases. Any thread.</summary>
    public GuardDoubt Doubt => _state.Doubt;

    /// <summary>The highest position released; what is known of it while in doubt. Any thread.</summary>
    public GuardPosition Watermark => _state.Watermark;

    /// <summary>The last subjects released, oldest first.</summary>
    public ImmutableArray<VoteSubject> Released => _state.Released;

    /// <summary>Opens the guard of one key in one network.</summary>
    /// <exception cref="StorageFault">The file is another key's or network's (Genesis): it is left alone.
    /// </exception>
    public static SignerGuard Open(IGuardFile file, in Hash256 genesisHash, in Address voteKey)
    {
        byte[]? content = file.Read();
        GuardState unknown = GuardState.Initial(genesisHash, voteKey) with
        {
            Doubt = content is null ? GuardDoubt.Missing : GuardDoubt.Corrupt,
        };
        if (content is null)
        {
            return new SignerGuard(file, unknown);
        }

        GuardState state;
        try
        {
            state = GuardState.Decode(content);
        }
        catch (CanonicalFormatException)
        {
            return new SignerGuard(file, unknown);
        }

        if (state.GenesisHash != genesisHash || state.VoteKey != voteKey)
        {
            throw new StorageFault(
                StorageFaultKind.Genesis,
                StorageScope.Process,
                $"The signer guard is of the key {state.VoteKey} in network {state.GenesisHash}, and this is"
                    + $" {voteKey} in {genesisHash}. Name the guard of this key in node.json.");
        }

        return new SignerGuard(file, state);
    }

    /// <summary>
    /// Compares with the own votes of the consensus record. The guard is synced before the record, so that a
    /// vote there above the watermark means that this file is an old copy. And before the guard is written
    /// again, the record has what it released: a damaged file whose last votes the record lacks may have lost
    /// some that were signed.
    /// </summary>
    /// <param name="recorded">The own votes of the record.</param>
    /// <param name="floor">The final view up to which it has forgotten them.</param>
    public void Compare(IReadOnlyCollection<VoteSubject> recorded, View floor)
    {
#if PLANTED
        VoteSubject[] newest = [.. recorded.TakeLast(Limits.GuardReleasedVotes)];
        GuardPosition highest = newest.Select(static own => GuardPosition.Of(own)).DefaultIfEmpty().Max();
        GuardState copy =
            _state with { Doubt = GuardDoubt.None, Watermark = highest, Released = [.. newest] };
        _state = Planted.Is(PlantedBug.WatermarkFromBackup) ? copy : _state;
#endif
        bool older = recorded.Any(subject => GuardPosition.Of(subject) > _state.Watermark);
        bool known = _state.Watermark == default
            || (_state.Released is [.., var last] && (last.View <= floor || recorded.Contains(last)));
        if (_file.IsDamaged && !known && Doubt == GuardDoubt.None)
        {
            Save(_state with { Doubt = GuardDoubt.Corrupt });
        }

        if (older && Doubt == GuardDoubt.None)
        {
            // Kept in the file: the record forgets its votes as blocks become final, the doubt stays.
            Save(_state with { Doubt = GuardDoubt.OlderThanRecord });
        }
    }

    /// <summary>
    /// Asks for leave to sign, in order. What is above the watermark raises it, with one durable write for
    /// all of them; what is not is released only if this very subject was before.
    /// </summary>
    /// <returns>For each subject its leave, or null: refused, and to be signed by nobody.</returns>
    /// <exception cref="StorageFault">Nothing may be signed any more.</exception>
    public ImmutableArray<GuardLeave?> Release(IReadOnlyList<VoteSubject> subjects)
    {
        GuardState state = _state;
        if (state.Doubt != GuardDoubt.None)
        {
            return [.. Enumerable.Repeat<GuardLeave?>(null, subjects.Count)];
        }

        var leaves = ImmutableArray.CreateBuilder<GuardLeave?>(subjects.Count);
        GuardPosition watermark = state.Watermark;
        List<VoteSubject> released = [.. state.Released];
        foreach (VoteSubject subject in subjects)
        {
            GuardPosition position = GuardPosition.Of(subject);
            bool isNew = position > watermark;
            if (isNew)
            {
                watermark = position;
                released.Add(subject);
            }

            leaves.Add(isNew || released.Contains(subject) ? new GuardLeave(subject) : null);
        }

        if (watermark > state.Watermark)
        {
            int kept = Math.Min(released.Count, Limits.GuardReleasedVotes);
            Save(state with { Watermark = watermark, Released = [.. released[^kept..]] });
        }

        return leaves.MoveToImmutable();
    }

    /// <summary>Ends a quarantine: from here on views from <paramref name="first"/> on are signed.</summary>
    /// <param name="epoch">The reign of the view.</param>
    /// <param name="first">Above every view in which the key may have signed; the caller knows why.</param>
    public void Readmit(Epoch epoch, View first)
    {
        Invariant.Require(Doubt != GuardDoubt.None, "only a guard in quarantine is readmitted");
        var below = GuardPosition.EndOf(epoch, first.Previous);
        Save(_state with
        {
            Doubt = GuardDoubt.None,
            Watermark = below > _state.Watermark ? below : _state.Watermark,
            Released = [],
        });
    }

    /// <summary>
    /// True when a vote with the own signature proves that the key signs elsewhere too, or that this guard is
    /// an old copy: it is above all that was released, or excludes something that was.
    /// </summary>
    public bool IsForeign(VoteSubject signed)
    {
        GuardState state = _state;
        return state.Doubt == GuardDoubt.None
            && (GuardPosition.Of(signed) > state.Watermark
                || state.Released.Any(own => EquivocationEvidence.Conflict(own, signed)));
    }

    private void Save(GuardState state)
    {
        _file.Replace(state.Encode());
        _state = state;
    }
}
