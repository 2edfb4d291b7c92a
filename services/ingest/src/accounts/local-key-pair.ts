/**
 * The RSA key pair of every vendor in the local stage: known to everybody who reads this, so it is worth nothing anywhere else.
 * Where a source is signed with a vendor's private key, local secrets hold this public one, and demo and tests sign with this private one.
 */
export const localKeyPair = {
  publicKey: `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAoUeXXCV110BvkF9e5cof
77Oyi51f0gxPkl5muI2qkQ5r3JOPrpQPSyUlV3AxNMhHFLnE3Gx/yiq858/S5Wh9
8D/GXSj8zq3/kRbMTrkgKOtwGf4Dxtm5Fpv/bCtT3PonlC1l2QHnkhUw5E5Nf6nL
GJDQn9rLFq01+0jsA15FnBsZlkOvTtZdBS4jtTP0sHG20lHLeMXEWiQ6VFNdneJZ
+cdOLtET5l2go64Q4HelCYdK18jKuVPtdj0j8RFbMiv4NTDc/lLqqmhBYZem+nZv
7JzdjLwx7IDhtpkGZM+F96iXAmCAwBiUo5ANP34qL5JJB0+pceJ8egla6CC65QVf
WQIDAQAB
-----END PUBLIC KEY-----\n`,
  privateKey: `-----BEGIN PRIVATE KEY-----
MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQChR5dcJXXXQG+Q
X17lyh/vs7KLnV/SDE+SXma4jaqRDmvck4+ulA9LJSVXcDE0yEcUucTcbH/KKrzn
z9LlaH3wP8ZdKPzOrf+RFsxOuSAo63AZ/gPG2bkWm/9sK1Pc+ieULWXZAeeSFTDk
Tk1/qcsYkNCf2ssWrTX7SOwDXkWcGxmWQ69O1l0FLiO1M/SwcbbSUct4xcRaJDpU
U12d4ln5x04u0RPmXaCjrhDgd6UJh0rXyMq5U+12PSPxEVsyK/g1MNz+UuqqaEFh
l6b6dm/snN2MvDHsgOG2mQZkz4X3qJcCYIDAGJSjkA0/fiovkkkHT6lx4nx6CVro
ILrlBV9ZAgMBAAECggEAEg9Hjl9OKCG5scZRhL8dfw9K7wIFuNT9aWZ+Gixtl9Cw
Q1hCvp8rFz8Rmg5LdEhOWAPKsjl0FdoIopdNsQ1Xt49spwHv99+EFBB5ewHql//F
OHk5SGBuWW8egFOvEGTytE+2bUEerT0Hkd6IJG40T+E80KmvaYVRMNJO8LxIZIfL
/48bCJoJH795RZIKK8tu00tF3FHGBTUsmUTUtmgVlVoMWwvHmZwE0oXmKMh7yMEW
euqrILfl/Co4HIN+UoUcY8oRceRwNpa0xgR9HzmkAW/QSiDxc1o+vmOYcRF7IJO9
N0aq4wfhzOuQkXbSkp3TwXjhAPMWF69IYoDPnUgIAQKBgQDdIYY6wiQH2f7JPRxW
Wzfbnn421PvI6WJUyUXG9oB8vFjRlPvKgyhXrNytEhlRa/plSJFRBIhNrTOZN3GM
mFoRudwJhjqYX/QOVDO3BPkbOKgCQBMmJsdeu1QpxyA/Qncayf1CsyOtPg2WEmdf
2j0ngmo228xRWoW8S85AB1tHCwKBgQC6tgbyO/Yt8ZUtpFlNSsxGyCAZNlA55QSf
1H3YTu+V4zY9ubxDnj6kXSQ/8fNgaNKBO9PqbOA6P4qx7p1h7QyLAi0D+2y2jq16
PIJW5i8UIWeWTSzrzv23tB4co6oDeSPLdsOJ/cpRFudj7lHP9SHukRtQkaozrXdW
jF+diX2hqwKBgQDUhuLmWC6e6TJKIRS6HqN5zUNK2bpAJ6ZdDLCmf8WPnMnUbFbv
FM1SLo5NPIbezWNzsqIPdsa1uRBNYo8cbFSskq/a64onZpk+qEinzvzH39UBjKma
0kxtTKegG4RvqCamtZlWYKuaVnhiUr/NzQdXkK0amnctfU3pYgYRXcCpbwKBgFxQ
caDE+tP+dSaq8qhfih6ZBh3RF9t4G1A3DL2tUZIHVCMyuR2pmQlFMA4Zv550VVgm
T4HBsR+7mQSemNv5C1GTktQ8NKUSaD1eu4bhqndGiOPsZoB0yEdS2+yHEyFCfOs1
XjrU63oqW9+xzmuGpO9CeYHdc4y3gKCfKQtIFoCfAoGBAMWT0l//a3UyGoQ9liy3
/D5PPTcH931kHiQqRit8aD/NcohCU7MeWQ8z0sV0BHN94bWlhewLRa5fSUvJ1D2K
gGxancfPYyVTMJszwYA9Rcdnf/PHIz9oRYrLx35/XSVsM9hhD242Y3sTKG/Jqqei
mDI0pMzz/vI0Dme0/qqo+Rea
-----END PRIVATE KEY-----\n`,
};

/** Likewise, on the curve P-256: for vendors that sign with ECDSA. */
export const localCurvePair = {
  publicKey: `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAER6Or1XWqUjYp31gBDuqI23Q/2MIh
cSN7q6dFQgi0ip77q4SXMwZpQ1L6KuEn2B3N9j7tKLRRFQZjxPA9ZjZlTg==
-----END PUBLIC KEY-----\n`,
  privateKey: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQglRaMUWehtDQ67tzi
cWSGwTBErC9AbrhpxVXbDbQfDjihRANCAARHo6vVdapSNinfWAEO6ojbdD/YwiFx
I3urp0VCCLSKnvurhJczBmlDUvoq4SfYHc32Pu0otFEVBmPE8D1mNmVO
-----END PRIVATE KEY-----\n`,
};

/** Name of the local key in a JSON Web Key Set. */
export const localKeyId = 'local';
