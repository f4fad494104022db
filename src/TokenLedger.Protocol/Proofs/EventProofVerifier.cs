// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.Merkle;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Proofs;

/// <summary>What an event's proof shows, once verified.</summary>
/// <param name="NetworkName">The network's name, as genesis has it.</param>
/// <param name="Height">The block.</param>
/// <param name="Time">The block's time.</param>
/// <param name="EventsRoot">The events root that the path ends in.</param>
/// <param name="Index">The event's place among the block's events, from 0.</param>
/// <param name="Count">How many events the block has.</param>
/// <param name="Record">The event, and which transaction of the block caused it.</param>
/// <param name="Signers">How many validators signed the finality.</param>
/// <param name="Validators">How many there are.</param>
public sealed record VerifiedEvent(
    string NetworkName,
    Height Height,
    TimestampMs Time,
    Hash256 EventsRoot,
    int Index,
    int Count,
    EventRecord Record,
    int Signers,
    int Validators);

/// <summary>
/// Checks an event proof offline, trusting nothing but the genesis hash: genesis → validators → finality
/// certificate → headers → Merkle path → event. Pure and thread-safe.
/// </summary>
public static class EventProofVerifier
{
    // A list of 2^31 items has paths of 31 hashes.
    private const int MaxPath = 31;

    /// <summary>Verifies every step.</summary>
    /// <returns>What it shows, or null and the first step that fails, in a sentence.</returns>
    public static VerifiedEvent? Verify(
        EventProof proof, Hash256 genesisHash, ISignatureScheme scheme, out string failure) =>
        FinalityCheck.Guard(() => (Check(proof, genesisHash, scheme, out string why), why), out failure);

    private static VerifiedEvent? Check(
        EventProof proof, in Hash256 genesisHash, ISignatureScheme scheme, out string failure)
    {
        FinalHeader? final = FinalityCheck.Verify(
            proof.Genesis, proof.Header, proof.Descendants, proof.Certificate, genesisHash, scheme,
            out failure);
        if (final is null)
        {
            return null;
        }

        BlockHeader header = final.Header;
        if (proof.Count > Limits.EventsPerBlock || proof.Index >= proof.Count || proof.Path.Count > MaxPath)
        {
            failure = "The event's index, the block's events or the path are out of range.";
            return null;
        }

        EventRecord record = FinalityCheck.Whole(proof.Event, EventCodec.Read);
        Hash256[] path = [.. proof.Path.Select(static hash => new Hash256(hash.Span))];
        if (!ListTree.Verify(
            header.EventsRoot, (int)proof.Count, (int)proof.Index, ListTree.Leaf(proof.Event.Span), path))
        {
            failure = "The Merkle path does not lead from this event to the header's events root.";
            return null;
        }

        return new VerifiedEvent(
            final.Genesis.NetworkName, header.Height, header.Timestamp, header.EventsRoot, (int)proof.Index,
            (int)proof.Count, record, final.Signers, final.Validators);
    }
}
