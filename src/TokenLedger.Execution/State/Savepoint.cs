// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Execution;

/// <summary>A point in an overlay's writes.</summary>
/// <param name="Position">How many writes stood then.</param>
public readonly record struct Savepoint(int Position);
