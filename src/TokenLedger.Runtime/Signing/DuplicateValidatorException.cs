// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Runtime.Signing;

/// <summary>One validator's key is used by two processes: this one stops.</summary>
public sealed class DuplicateValidatorException(string message) : Exception(message);
