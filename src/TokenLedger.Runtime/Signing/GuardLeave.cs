// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Consensus;

namespace TokenLedger.Runtime.Signing;

/// <summary>
/// The guard's durable leave to sign one subject. Only <see cref="SignerGuard"/> makes one, after its sync.
/// </summary>
internal sealed class GuardLeave
{
    internal GuardLeave(in VoteSubject subject) => Subject = subject;

    /// <summary>What may be signed.</summary>
    public VoteSubject Subject { get; }
}
