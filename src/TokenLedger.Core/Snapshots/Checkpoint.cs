// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Core.Snapshots;

/// <summary>
/// A final block that an operator knows from elsewhere: no chain is followed that has another one there.
/// </summary>
/// <param name="Height">Its height, at least 1.</param>
/// <param name="Hash">Its header's hash.</param>
public sealed record Checkpoint(Height Height, Hash256 Hash);
