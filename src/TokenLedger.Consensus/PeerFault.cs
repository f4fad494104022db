// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Consensus;

/// <summary>
/// Why a peer is to be blocked: each is something that no honest validator does on its own connection.
/// </summary>
public enum PeerFault
{
    /// <summary>
    /// A message that is not what it says: another's vote, or a proposal at odds with itself.
    /// </summary>
    Malformed = 1,

    /// <summary>A vote whose signature is not its signer's.</summary>
    BadSignature = 2,

    /// <summary>A certificate that a quorum did not sign.</summary>
    BadCertificate = 3,

    /// <summary>Two votes that exclude each other, or a proposal beside the notarized one.</summary>
    Equivocation = 4,
}
