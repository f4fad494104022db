// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Runtime.Signing;

/// <summary>What a validator can say to one that no longer knows how far its key has signed.</summary>
/// <param name="Certain">
/// True when no view in which the answering validator itself voted is above <paramref name="View"/>: it is
/// not in quarantine, and its machine is as far as its own guard. Both survive its restarts.
/// </param>
/// <param name="View">The view that it is in.</param>
/// <param name="Entry">What let it in: a certificate of the view before. Null in view 1.</param>
/// <param name="Seen">
/// The highest vote of the asker that it received since its start. Its signature is not checked.
/// </param>
internal sealed record PeerSight(bool Certain, View View, Certificate? Entry, Vote? Seen);
