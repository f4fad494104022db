// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Execution;

/// <summary>What a block's execution knows besides the state and the transactions.</summary>
/// <param name="Height">The block's height.</param>
/// <param name="Time">The block's time: the only "now" that rules know.</param>
public readonly record struct BlockContext(Height Height, TimestampMs Time);
