// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Cli.Abroad;

/// <summary>The contracts that officers act on.</summary>
internal sealed record OfficerContracts(Address Bridge, Address ValidatorSet, Address Governor);

/// <summary>What a signature for an action is bound to besides the action.</summary>
/// <param name="ChainId">The chain abroad.</param>
/// <param name="LedgerId">The ledger's genesis hash.</param>
/// <param name="Contracts">The contracts.</param>
/// <param name="Epoch">The hot set's epoch when the action is done; 0 for what the cold set signs.</param>
/// <param name="Nonce">The action's number at the contract that counts it; 0 where none does.</param>
/// <param name="Eta">Seconds since 1970 before which it must not happen; 0 for at once.</param>
internal sealed record ActionPlace(
    ulong ChainId, Hash256 LedgerId, OfficerContracts Contracts, ulong Epoch, ulong Nonce, ulong Eta);
