// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Consensus;

/// <summary>
/// Proof that a validator broke the protocol: two votes of one view, signed by it, that no honest validator
/// signs both. Anyone with the validator set can check it. The order of the two says nothing.
/// </summary>
/// <param name="First">One vote.</param>
/// <param name="Second">The other.</param>
public sealed record EquivocationEvidence(Vote First, Vote Second)
{
    /// <summary>Index of the guilty validator in its epoch's set.</summary>
    public int Signer => First.Signer;

    /// <summary>The view of both votes.</summary>
    public View View => First.Subject.View;

    /// <summary>
    /// True when no honest validator says both: two notarize or two finalize for different blocks, or nullify
    /// and finalize, in one view. Notarize and nullify together are legal. Subjects are compared, never
    /// signature bytes.
    /// </summary>
    public static bool Conflict(in VoteSubject first, in VoteSubject second)
    {
        if (first.Epoch != second.Epoch || first.View != second.View)
        {
            return false;
        }

        return first.Kind == second.Kind
            ? first.BlockHash != second.BlockHash
            : first.Kind != VoteKind.Notarize && second.Kind != VoteKind.Notarize;
    }

    /// <summary>
    /// True when one member of <paramref name="validators"/> signed both votes, and they conflict.
    /// </summary>
    public bool Verify(ValidatorSet validators, in Hash256 genesisHash, ISignatureScheme scheme) =>
        First.Signer == Second.Signer
        && First.Subject.Epoch == validators.Epoch
        && Conflict(First.Subject, Second.Subject)
        && First.Verify(validators, genesisHash, scheme)
        && Second.Verify(validators, genesisHash, scheme);

    /// <summary>Writes the canonical form: both votes.</summary>
    public void Write(CanonicalWriter writer)
    {
        First.Write(writer);
        Second.Write(writer);
    }

    /// <summary>Reads the canonical form. Shape only: <see cref="Verify"/> checks it.</summary>
    /// <exception cref="CanonicalFormatException">The bytes are not two votes.</exception>
    public static EquivocationEvidence Read(ref CanonicalReader reader) =>
        new(Vote.Read(ref reader), Vote.Read(ref reader));
}
