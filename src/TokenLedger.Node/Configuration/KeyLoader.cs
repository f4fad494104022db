// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;

namespace TokenLedger.Node.Configuration;

/// <summary>Opens the keystores that a configuration names.</summary>
internal static class KeyLoader
{
    /// <summary>A keystore's key.</summary>
    /// <param name="keystore">A Web3 Secret Storage file.</param>
    /// <param name="passwordFile">The file that holds its password.</param>
    /// <param name="which">Whose it is, for messages: "vote", "bridge's signer".</param>
    /// <exception cref="NodeConfigurationException">A file cannot be read.</exception>
    public static PrivateKey Open(string keystore, string passwordFile, string which)
    {
        try
        {
            byte[] password = File.ReadAllBytes(passwordFile);
            PrivateKey key = KeystoreFolder.Load(keystore, password.AsSpan().TrimEnd("\r\n"u8));
            Array.Clear(password);
            return key;
        }
        catch (IOException e)
        {
            throw new NodeConfigurationException("KEYSTORE", $"The {which} key cannot be read: {e.Message}");
        }
    }
}
