// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Evm;

/// <summary>What a transaction offers for a unit of gas, in wei.</summary>
/// <param name="MaxPriorityFeePerGas">To the proposer.</param>
/// <param name="MaxFeePerGas">In all.</param>
public readonly record struct GasFees(UInt256 MaxPriorityFeePerGas, UInt256 MaxFeePerGas);
