// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Crypto;

/// <summary>
/// The native library is missing or unfit. Scope: the process; nothing can be signed or checked.
/// </summary>
public sealed class CryptoUnavailableException : Exception
{
    /// <summary>Says what is missing and how to install it.</summary>
    public CryptoUnavailableException(string message)
        : base(message)
    {
    }
}
