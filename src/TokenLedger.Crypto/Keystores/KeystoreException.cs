// SPDX-License-Identifier: Apache-2.0
namespace TokenLedger.Crypto.Keystores;

/// <summary>Why a keystore could not be opened.</summary>
public enum KeystoreError
{
    /// <summary>The file is not a keystore, or was damaged.</summary>
    Corrupt,

    /// <summary>It is a keystore of another version, or with another cipher or key derivation.</summary>
    Unsupported,

    /// <summary>Its key derivation asks for more memory or time than any honest file does.</summary>
    TooCostly,

    /// <summary>
    /// The password is wrong. (Or somebody changed the ciphertext or its MAC: without the password nothing
    /// can tell.)
    /// </summary>
    WrongPassword,
}

/// <summary>A keystore could not be opened. Scope: the file. The message holds nothing secret.</summary>
public sealed class KeystoreException : Exception
{
    /// <summary>Says which kind of failure it is, and what was found.</summary>
    public KeystoreException(KeystoreError error, string message)
        : base(message) => Error = error;

    /// <summary>The kind of failure.</summary>
    public KeystoreError Error { get; }
}
