"""How the embedded image-text model is made: data, training, evaluation. Needs [style]."""
